#include "backend/sqlserver/odbc_drivers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <mutex>
#include <optional>

#include <sql.h>
#include <sqlext.h>
#include <unistd.h>

#include "config/connection_string_error.hpp"
#include "core/ascii.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using config::refuse_connection_string;

constexpr std::string_view kInstall =
    "on Debian, tdsodbc brings FreeTDS; Microsoft's package msodbcsql18 brings 'ODBC Driver 18 for "
    "SQL Server'";

struct FreeEnvironment {
  void operator()(SQLHENV environment) const { SQLFreeHandle(SQL_HANDLE_ENV, environment); }
};
using Environment = std::unique_ptr<std::remove_pointer_t<SQLHENV>, FreeEnvironment>;

Environment open_environment() {
  SQLHENV environment = SQL_NULL_HENV;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
  Environment result{environment};
  if (result != nullptr) {
    // ODBC wants the number where others have a pointer.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3),
                  0);
  }
  return result;
}

/// An entry of the driver manager's lists: its name and what is told of it.
struct Entry {
  std::string name;
  std::string text;  ///< of a driver `key=value`, each ended by NUL; of a data source its driver
};

using ListFunction = SQLRETURN (*)(SQLHENV, SQLUSMALLINT, SQLCHAR*, SQLSMALLINT, SQLSMALLINT*,
                                   SQLCHAR*, SQLSMALLINT, SQLSMALLINT*);

/// The driver manager reads its files through a cache of its own: one thread at a time.
std::vector<Entry> list_entries(ListFunction list) {
  static std::mutex mutex;
  const std::lock_guard lock{mutex};
  std::vector<Entry> entries;
  const auto environment = open_environment();
  if (environment == nullptr) {
    return entries;
  }
  constexpr std::size_t kLongestName = 512;
  constexpr std::size_t kLongestText = 8192;
  std::array<SQLCHAR, kLongestName> name{};
  std::array<SQLCHAR, kLongestText> text{};
  const auto next = [&](SQLUSMALLINT direction) {
    text.fill(0);
    return SQL_SUCCEEDED(list(environment.get(), direction, name.data(),
                              static_cast<SQLSMALLINT>(name.size()), nullptr, text.data(),
                              static_cast<SQLSMALLINT>(text.size()), nullptr));
  };
  for (bool found = next(SQL_FETCH_FIRST); found; found = next(SQL_FETCH_NEXT)) {
    entries.push_back(
        {reinterpret_cast<const char*>(name.data()), std::string{text.begin(), text.end()}});
  }
  return entries;
}

/// The value of `Driver` among `key=value` parts that each end in NUL.
std::string library_of(const std::string& attributes) {
  for (const auto& attribute : split(attributes, '\0')) {
    const auto equals = attribute.find('=');
    if (equals != std::string::npos && to_lower(attribute.substr(0, equals)) == "driver") {
      return attribute.substr(equals + 1);
    }
  }
  return {};
}

/// The number behind `before` in `text`; 0 when there is none.
int number_behind(std::string_view text, std::string_view before) {
  const auto position = text.find(before);
  int number = 0;
  if (position != std::string_view::npos) {
    const auto rest = text.substr(position + before.size());
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
  }
  return number;
}

std::string list_names(const std::vector<OdbcDriver>& installed) {
  std::string names;
  for (const auto& driver : installed) {
    names += (names.empty() ? "'" : ", '") + driver.name + "'";
  }
  return names.empty() ? "none" : names;
}

/// Only what looks like the name of a driver is shown: it may be the rest of a password where a
/// separator was forgotten.
std::string shown_name(const std::string& name) {
  constexpr std::size_t kLongest = 40;
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == ' ' || c == '.' || c == '-' || c == '_';
  });
  const auto driver = describe_driver(name, "");
  const bool is_known = driver.version > 0 || to_lower(name) == "freetds";
  return is_plain && is_known && name.size() <= kLongest ? "'" + name + "'" : "that it names";
}

std::optional<OdbcDriver> find_by_name(const std::string& name,
                                       const std::vector<OdbcDriver>& installed) {
  const auto found = std::find_if(installed.begin(), installed.end(), [&](const OdbcDriver& each) {
    return to_lower(each.name) == to_lower(name);
  });
  if (found != installed.end()) {
    return *found;
  }
  const bool is_library = name.front() == '/' && ::access(name.c_str(), R_OK) == 0;
  return is_library ? std::optional{describe_driver(name, name)} : std::nullopt;
}

const OdbcDriver* find_best(const std::vector<OdbcDriver>& installed) {
  const OdbcDriver* best = nullptr;
  const auto rank = [](const OdbcDriver& driver) {
    return driver.family == DriverFamily::microsoft ? 1 + driver.version
                                                    : (driver.family == DriverFamily::freetds);
  };
  for (const auto& driver : installed) {
    if (rank(driver) > (best == nullptr ? 0 : rank(*best))) {
      best = &driver;
    }
  }
  return best;
}

}  // namespace

OdbcDriver describe_driver(std::string_view name, std::string_view library) {
  OdbcDriver driver{.name = std::string{name}, .library = std::string{library}};
  const auto words = to_lower(name);
  const auto file = to_lower(library.substr(library.rfind('/') + 1));
  if (file.find("tdsodbc") != std::string::npos || words.find("freetds") != std::string::npos) {
    driver.family = DriverFamily::freetds;
  } else if (file.find("msodbcsql") != std::string::npos) {
    driver.family = DriverFamily::microsoft;
    driver.version = number_behind(file, "msodbcsql-");
  } else if (words.starts_with("odbc driver ") && words.ends_with(" for sql server")) {
    driver.family = DriverFamily::microsoft;
  }
  if (driver.family == DriverFamily::microsoft && driver.version == 0) {
    driver.version = number_behind(words, "odbc driver ");
  }
  return driver;
}

std::vector<OdbcDriver> installed_drivers() {
  std::vector<OdbcDriver> drivers;
  for (const auto& entry : list_entries(&SQLDrivers)) {
    drivers.push_back(describe_driver(entry.name, library_of(entry.text)));
  }
  std::sort(drivers.begin(), drivers.end(),
            [](const OdbcDriver& a, const OdbcDriver& b) { return a.name < b.name; });
  return drivers;
}

OdbcDriver choose_driver(const std::string& database_name, const config::SqlserverTarget& target,
                         const std::vector<OdbcDriver>& installed) {
  if (!target.driver.empty()) {
    if (auto driver = find_by_name(target.driver, installed)) {
      return *driver;
    }
    refuse_connection_string(database_name,
                             "the ODBC driver " + shown_name(target.driver) +
                                 " is not installed; installed: " + list_names(installed) + "; " +
                                 std::string{kInstall});
  }
  if (const auto* const best = find_best(installed)) {
    return *best;
  }
  refuse_connection_string(database_name,
                           "no ODBC driver for SQL Server is installed; installed: " +
                               list_names(installed) + "; " + std::string{kInstall});
}

OdbcDriver find_driver(const std::string& database_name, const config::SqlserverTarget& target) {
  auto named = target;
  if (!target.data_source.empty()) {
    const auto sources = list_entries(&SQLDataSources);
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const Entry& source) {
      return to_lower(source.name) == to_lower(target.data_source);
    });
    if (found == sources.end()) {
      refuse_connection_string(database_name,
                               "the data source that it names is not in odbc.ini (a host without a "
                               "database and a driver is a data source in mssql+pyodbc://)");
    }
    named.driver = found->text.c_str();
  }
  return choose_driver(database_name, named, installed_drivers());
}

}  // namespace flowdb::backend::sqlserver
