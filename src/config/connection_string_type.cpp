#include "config/connection_string_type.hpp"

#include <algorithm>

#include "config/connection_string_error.hpp"
#include "config/postgresql_keywords.hpp"
#include "config/sqlserver_keywords.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

/// The word before the first `=`.
std::string_view first_keyword(std::string_view text) {
  const auto end = text.find('=');
  return end == std::string_view::npos ? std::string_view{} : trim(text.substr(0, end));
}

/// Whether one of the `;`-separated parts names a server as ODBC does.
bool names_odbc_server(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const auto name = first_keyword(text.substr(0, end));
    switch (sqlserver_keyword(name)) {
      case SqlserverKeyword::driver:
      case SqlserverKeyword::data_source:
      case SqlserverKeyword::freetds_entry:
      case SqlserverKeyword::server:
        return true;
      default:
        if (to_lower(name) == "filedsn") {
          return true;
        }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

/// Whether libpq's `keyword=` stands behind a space somewhere: ODBC's keywords follow a `;`.
bool has_spaced_keyword(std::string_view text) {
  for (auto equals = text.find('='); equals != std::string_view::npos;
       equals = text.find('=', equals + 1)) {
    const auto space = text.substr(0, equals).find_last_of(" \t\r\n");
    if (space != std::string_view::npos &&
        is_postgresql_keyword(text.substr(space + 1, equals - space - 1))) {
      return true;
    }
  }
  return false;
}

/// Whether the first keyword is known to both worlds, so that it does not decide while something
/// better does.
bool is_of_both(std::string_view keyword, std::string_view text) {
  return (keyword == "port" || keyword == "user" || keyword == "password") &&
         !has_spaced_keyword(text);
}

}  // namespace

std::string connection_string_scheme(std::string_view text) {
  text = trim(text);
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0) {
    return {};
  }
  const auto scheme = text.substr(0, end);
  const bool is_keyword_text =
      std::any_of(scheme.begin(), scheme.end(), [](char c) { return c == '=' || is_space(c); });
  return is_keyword_text ? std::string{} : to_lower(scheme.substr(0, scheme.find('+')));
}

std::optional<DatabaseType> connection_string_type(std::string_view text) {
  const auto scheme = connection_string_scheme(text);
  if (scheme == "postgresql" || scheme == "postgres") {
    return DatabaseType::postgresql;
  }
  if (scheme == "mssql" || scheme == "sqlserver") {
    return DatabaseType::sqlserver;
  }
  if (!scheme.empty()) {
    return std::nullopt;
  }
  const auto keyword = first_keyword(text);
  const bool is_postgresql = is_postgresql_keyword(keyword);
  if ((!is_postgresql || is_of_both(keyword, text)) && names_odbc_server(text)) {
    return DatabaseType::sqlserver;
  }
  return is_postgresql ? std::optional{DatabaseType::postgresql} : std::nullopt;
}

bool is_connection_url(const std::string& database_name, std::string_view text, DatabaseType type) {
  if (std::any_of(text.begin(), text.end(), is_control)) {
    refuse_connection_string(database_name,
                             "it holds a control character (a line end, a tab, NUL); a URL can "
                             "carry one as %0A, %09");
  }
  const bool is_url = !connection_string_scheme(text).empty();
  const auto stated = connection_string_type(text);
  const bool is_keyword_text =
      !is_url && stated.value_or(type) == type && text.find('=') != std::string_view::npos;
  if (stated != type && !is_keyword_text) {
    refuse_connection_string(database_name, "expected " + accepted_connection_strings(type));
  }
  return is_url;
}

std::string accepted_connection_strings(DatabaseType type) {
  return type == DatabaseType::sqlserver
             ? "mssql+pyodbc://, mssql://, sqlserver:// or ODBC keyword text "
               "(DRIVER={...};SERVER=...)"
             : "postgresql://, postgres://, postgresql+driver:// or libpq keyword text "
               "(host=... dbname=...)";
}

}  // namespace flowdb::config
