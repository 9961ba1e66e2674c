#include "config/connection_string_type.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "config/postgresql_keywords.hpp"
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
  static constexpr std::array<std::string_view, 5> kKeywords = {"driver", "server", "servername",
                                                                "dsn", "filedsn"};
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const auto keyword = to_lower(first_keyword(text.substr(0, end)));
    if (std::find(kKeywords.begin(), kKeywords.end(), keyword) != kKeywords.end()) {
      return true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
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
  // `port` is a keyword of both worlds, so it does not decide while something better does.
  const bool is_postgresql = is_postgresql_keyword(keyword);
  if ((!is_postgresql || keyword == "port") && names_odbc_server(text)) {
    return DatabaseType::sqlserver;
  }
  return is_postgresql ? std::optional{DatabaseType::postgresql} : std::nullopt;
}

std::string accepted_connection_strings(DatabaseType type) {
  return type == DatabaseType::sqlserver
             ? "mssql+pyodbc://, mssql://, sqlserver:// or ODBC keyword text "
               "(DRIVER={...};SERVER=...)"
             : "postgresql://, postgres://, postgresql+driver:// or libpq keyword text "
               "(host=... dbname=...)";
}

}  // namespace flowdb::config
