#include <optional>
#include <string>

#include <flowdb/error.hpp>

#include "cli/check/server_checks.hpp"

namespace flowdb::cli::check {

namespace {

constexpr int kOldestMaintainedSqlserver = 13;  // SQL Server 2016

/// The one value that a statement gives; none where the server refuses it.
template <class T>
std::optional<T> value_of(DatabaseManager& database, const char* sql) {
  try {
    return database.execute_query(sql).scalar<std::optional<T>>();
  } catch (const QueryError&) {
    return std::nullopt;
  }
}

void look_at_version(DatabaseManager& database, Findings& findings) {
  const auto version = value_of<std::string>(
      database, "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128))");
  if (!version) {
    findings.warning("server", "It does not say its version", "");
    return;
  }
  const auto major = std::atoi(version->c_str());
  if (major < kOldestMaintainedSqlserver) {
    findings.warning("server", "SQL Server " + *version + ", which gets no corrections any more",
                     "Plan the change to a version that is maintained.");
  } else {
    findings.good("server", "SQL Server " + *version);
  }
}

void look_at_tls(DatabaseManager& database, Findings& findings) {
  const auto encrypted = value_of<std::string>(
      database,
      "SELECT CAST(encrypt_option AS nvarchar(8)) FROM sys.dm_exec_connections"
      " WHERE session_id = @@SPID");
  if (!encrypted) {
    findings.warning("tls", "The login may not see whether its connection is encrypted",
                     "GRANT VIEW SERVER STATE to it while checking.");
  } else if (*encrypted == "TRUE") {
    findings.good("tls", "the connection is encrypted");
  } else {
    findings.warning("tls", "The connection is not encrypted",
                     "Set Encrypt=yes in the connection string if it leaves this machine.");
  }
}

void look_at_role(DatabaseManager& database, const Expected& expected, Findings& findings) {
  if (value_of<int>(database, "SELECT IS_SRVROLEMEMBER('sysadmin')") == 1) {
    findings.warning("role", "The login is a sysadmin: nothing stops a mistake of the flow",
                     "Use a login of its own.");
  }
  if (!expected.makes_tables) return;
  const auto may =
      value_of<int>(database, "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE TABLE')");
  if (!may) {
    findings.warning("privileges", "The server does not say whether the login may make tables", "");
  } else if (*may == 0) {
    findings.bad("privileges", "The login may not make tables, which migrations do",
                 "GRANT CREATE TABLE, and ALTER ON SCHEMA::dbo, to its user.");
  } else {
    findings.good("privileges", "the login may make tables");
  }
}

}  // namespace

void look_at_sqlserver(DatabaseManager& database, const Expected& expected, Findings& findings) {
  try {
    look_at_version(database, findings);
    look_at_tls(database, findings);
    look_at_role(database, expected, findings);
  } catch (const Error& error) {
    findings.warning("server", std::string{"It could not be asked about itself: "} + error.what(),
                     "");
  }
}

}  // namespace flowdb::cli::check
