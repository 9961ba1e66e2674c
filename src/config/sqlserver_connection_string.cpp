#include "config/sqlserver_connection_string.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "config/connection_string_error.hpp"
#include "config/connection_string_type.hpp"
#include "config/odbc_keyword_text.hpp"
#include "config/sqlserver_keyword_reader.hpp"
#include "config/sqlserver_tls.hpp"
#include "config/url.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

using K = SqlserverKeyword;

void read_keyword_text(const std::string& database_name, std::string_view text,
                       SqlserverKeywordReader& reader) {
  for (const auto& pair : parse_odbc_keyword_text(database_name, text)) {
    reader.read(pair.name, pair.value);
  }
}

const Url::Parameter* find_parameter(const Url& url, K keyword) {
  const auto found = std::find_if(
      url.query.begin(), url.query.end(),
      [&](const Url::Parameter& each) { return sqlserver_keyword(each.name) == keyword; });
  return found == url.query.end() ? nullptr : &*found;
}

bool has_authority_or_path(const Url& url) {
  return !url.user.empty() || !url.password.empty() || !url.path.empty() || url.hosts.size() > 1 ||
         !url.hosts.front().name.empty() || !url.hosts.front().port.empty();
}

/// The parts before the `?`.
void read_authority(const std::string& database_name, const Url& url, bool is_pyodbc,
                    SqlserverKeywordReader& reader) {
  const auto& host = url.hosts.front();
  if (url.hosts.size() > 1) {
    refuse_connection_string(database_name,
                             "SQL Server takes one host; of an availability group, name the "
                             "listener and give MultiSubnetFailover=yes");
  }
  if ((host.name + host.port).find(';') != std::string::npos) {
    refuse_connection_string(database_name,
                             "a URL's parameters are written behind a '?' and between '&', not "
                             "behind a ';'");
  }
  const bool is_data_source = is_pyodbc && host.port.empty() && url.path.empty() &&
                              find_parameter(url, K::driver) == nullptr &&
                              find_parameter(url, K::database) == nullptr;
  const std::array<std::pair<K, std::string>, 5> parts = {{
      {is_data_source ? K::data_source : K::server, host.name},
      {K::port, host.port},
      {K::user, url.user},
      {K::password, url.password},
      {K::database, url.path},
  }};
  for (const auto& [keyword, value] : parts) {
    if (!value.empty()) {
      reader.set(keyword, value);
    }
  }
}

void read_url(const std::string& database_name, std::string_view text,
              SqlserverKeywordReader& reader) {
  const auto url = parse_url(database_name, text, QueryPlus::space);
  if (const auto* const whole = find_parameter(url, K::odbc_connect)) {
    if (url.query.size() > 1 || has_authority_or_path(url)) {
      refuse_connection_string(database_name,
                               "'odbc_connect' is the whole connection string; "
                               "nothing else may stand beside it");
    }
    read_keyword_text(database_name, whole->value, reader);
    return;
  }
  const bool is_pyodbc = to_lower(text.substr(0, text.find(':'))) == "mssql+pyodbc";
  read_authority(database_name, url, is_pyodbc, reader);
  for (const auto& parameter : url.query) {
    reader.read(parameter.name, parameter.value);
  }
  const bool has_identity = reader.has(K::user) || reader.has(K::password) ||
                            reader.has(K::trusted_connection) || reader.has(K::authentication) ||
                            reader.has(K::data_source);
  if (is_pyodbc && !has_identity) {
    reader.set(K::trusted_connection, "yes");
  }
}

void check_server(const std::string& database_name, const SqlserverTarget& target) {
  const int named = static_cast<int>(!target.host.empty()) +
                    static_cast<int>(!target.data_source.empty()) +
                    static_cast<int>(!target.freetds_entry.empty());
  if (named == 0) {
    refuse_connection_string(database_name, "it names no server");
  }
  if (named > 1 || (target.host.empty() && target.port != 0)) {
    refuse_connection_string(database_name,
                             "only one of SERVER, SERVERNAME and DSN can be given, and PORT only "
                             "beside SERVER");
  }
  if (!target.data_source.empty() && !target.driver.empty()) {
    refuse_connection_string(database_name, "only one of DSN and DRIVER can be given");
  }
}

/// A data source may hold user and password itself, and a kind of authentication may do without.
void check_credentials(const std::string& database_name, const SqlserverTarget& target) {
  const bool may_do_without =
      target.trusted_connection || !target.data_source.empty() ||
      (!target.authentication.empty() && to_lower(target.authentication) != "sqlpassword");
  const std::string remedy =
      "; give user and password, or Trusted_Connection=yes (in a user name or password of a URL "
      "write ':' as %3A, '/' as %2F, '?' as %3F, '@' as %40)";
  if (may_do_without) {
    return;
  }
  if (target.user.empty()) {
    refuse_connection_string(database_name, "it has no user" + remedy);
  }
  if (target.password.empty()) {
    refuse_connection_string(database_name, "it has a user, but no password" + remedy);
  }
}

}  // namespace

SqlserverTarget parse_sqlserver(const std::string& database_name, const Secret& text,
                                bool allow_plaintext) {
  const std::string_view whole = trim(text.reveal());
  SqlserverTarget target;
  SqlserverKeywordReader reader{database_name, target};
  if (is_connection_url(database_name, whole, DatabaseType::sqlserver)) {
    read_url(database_name, whole, reader);
  } else {
    read_keyword_text(database_name, whole, reader);
  }
  check_server(database_name, target);
  check_credentials(database_name, target);
  apply_tls_rule(database_name, allow_plaintext,
                 reader.has(K::encrypt) || reader.has(K::encryption), target);
  return target;
}

}  // namespace flowdb::config
