#pragma once

#include <string_view>

namespace flowdb::config {

/// What a keyword of a SQL Server connection string is about, however it is written.
enum class SqlserverKeyword {
  driver,
  data_source,
  freetds_entry,
  server,
  port,
  database,
  user,
  password,
  trusted_connection,
  authentication,
  encrypt,     ///< Microsoft's word: yes, no, strict
  encryption,  ///< FreeTDS' word: require, request, off
  trust_server_certificate,
  certificate_host,
  server_certificate,
  application_intent,
  multi_subnet_failover,
  application_name,
  login_timeout,
  odbc_connect,  ///< of a URL: ODBC keyword text instead of everything else
  refused,       ///< see why_refused()
  other,
};

/// By the names of Microsoft's ODBC drivers, FreeTDS, SqlClient and SQLAlchemy, in any case.
SqlserverKeyword sqlserver_keyword(std::string_view name);

/// `SERVER` for server: the usual name, for a message.
std::string_view usual_name(SqlserverKeyword keyword) noexcept;

/// What is to be said of a refused keyword.
std::string_view why_refused(std::string_view name);

/// Whether Microsoft's drivers know a keyword that is `other` here.
bool is_microsoft_keyword(std::string_view name);

/// The same of FreeTDS.
bool is_freetds_keyword(std::string_view name);

/// The keyword that `name` may be a misspelling of, or an empty text.
std::string_view similar_sqlserver_keyword(std::string_view name);

}  // namespace flowdb::config
