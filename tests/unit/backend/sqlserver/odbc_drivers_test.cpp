#include "backend/sqlserver/odbc_drivers.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "unit/config/config_test_support.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using config_test::message_of;

const OdbcDriver kFreetds = describe_driver("FreeTDS", "libtdsodbc.so");
const OdbcDriver kDriver17 = describe_driver("ODBC Driver 17 for SQL Server", "");
const OdbcDriver kDriver18 = describe_driver("ODBC Driver 18 for SQL Server", "");
const OdbcDriver kSqlite = describe_driver("SQLite3", "libsqlite3odbc.so");

std::string chosen(const std::string& name, const std::vector<OdbcDriver>& installed) {
  return choose_driver("survey", {.driver = name}, installed).name;
}

TEST(OdbcDrivers, AreKnownByTheirNameOrTheirLibrary) {
  struct Case {
    std::string name;
    std::string library;
    DriverFamily family;
    int version;
  };
  const std::vector<Case> cases = {
      {"FreeTDS", "", DriverFamily::freetds, 0},
      {"tds", "/usr/lib/x86_64-linux-gnu/odbc/libtdsodbc.so", DriverFamily::freetds, 0},
      {"ODBC Driver 17 for SQL Server", "", DriverFamily::microsoft, 17},
      {"odbc driver 18 for sql server", "/opt/microsoft/lib64/libmsodbcsql-18.3.so.2.1",
       DriverFamily::microsoft, 18},
      {"survey", "/opt/microsoft/msodbcsql17/lib64/libmsodbcsql-17.10.so.1.1",
       DriverFamily::microsoft, 17},
      {"SQL Server", "/usr/lib/libtdsodbc.so.0", DriverFamily::freetds, 0},
      {"SQL Server", "", DriverFamily::other, 0},
      {"MariaDB", "libmaodbc.so", DriverFamily::other, 0},
  };
  for (const auto& each : cases) {
    const auto driver = describe_driver(each.name, each.library);
    EXPECT_EQ(driver.family, each.family) << each.name;
    EXPECT_EQ(driver.version, each.version) << each.name;
  }
}

TEST(OdbcDrivers, MicrosoftsNewestIsChosenAndFreetdsOtherwise) {
  EXPECT_EQ(chosen("", {kSqlite, kDriver17, kFreetds, kDriver18}), kDriver18.name);
  EXPECT_EQ(chosen("", {kDriver17, kFreetds}), kDriver17.name);
  EXPECT_EQ(chosen("", {kSqlite, kFreetds}), "FreeTDS");
  EXPECT_EQ(chosen("freetds", {kDriver18, kFreetds}), "FreeTDS");
  EXPECT_EQ(chosen("SQLITE3", {kDriver18, kSqlite}), "SQLite3");
}

TEST(OdbcDrivers, ThatAreMissingAreAnErrorThatListsThoseInstalled) {
  const std::string prefix = "The connection string of 'survey' cannot be used: ";
  const std::string install =
      "on Debian, tdsodbc brings FreeTDS; Microsoft's package msodbcsql18 brings 'ODBC Driver 18 "
      "for "
      "SQL Server'";
  const auto refusal = [](const std::string& name, const std::vector<OdbcDriver>& installed) {
    return message_of<ConfigurationError>([&] { chosen(name, installed); });
  };
  EXPECT_EQ(refusal("ODBC Driver 18 for SQL Server", {kSqlite, kFreetds}),
            prefix +
                "the ODBC driver 'ODBC Driver 18 for SQL Server' is not installed; installed: "
                "'SQLite3', 'FreeTDS'; " +
                install);
  EXPECT_EQ(
      refusal("/nowhere/libtdsodbc.so", {kFreetds}),
      prefix + "the ODBC driver that it names is not installed; installed: 'FreeTDS'; " + install);
  // A forgotten separator.
  EXPECT_EQ(refusal("FreeTDS UID=u PWD=canary", {}),
            prefix + "the ODBC driver that it names is not installed; installed: none; " + install);
  EXPECT_EQ(
      refusal("", {kSqlite}),
      prefix + "no ODBC driver for SQL Server is installed; installed: 'SQLite3'; " + install);
}

TEST(OdbcDrivers, OfThisMachineAreListedByTheDriverManager) {
  std::vector<std::vector<OdbcDriver>> lists(4);
  std::vector<std::thread> threads;
  for (auto& list : lists) {
    threads.emplace_back([&list] { list = installed_drivers(); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& list : lists) {
    const auto found = std::find_if(list.begin(), list.end(), [](const OdbcDriver& driver) {
      return driver.family == DriverFamily::freetds;
    });
    ASSERT_NE(found, list.end()) << "tdsodbc is not installed";
    EXPECT_NE(found->library.find("tdsodbc"), std::string::npos);
    EXPECT_EQ(list.size(), lists.front().size());
  }
}

TEST(OdbcDrivers, OfADataSourceIsTheOneThatItsEntryNames) {
  const config::SqlserverTarget missing{.data_source = "no-such-source"};
  EXPECT_EQ(
      message_of<ConfigurationError>([&] { find_driver("survey", missing); }),
      "The connection string of 'survey' cannot be used: the data source that it names is not "
      "in odbc.ini (a host without a database and a driver is a data source in "
      "mssql+pyodbc://)");
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
