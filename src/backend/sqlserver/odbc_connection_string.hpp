#pragma once

#include <chrono>
#include <string>

#include "backend/sqlserver/odbc_drivers.hpp"
#include "config/sqlserver_connection_string.hpp"
#include "core/secret.hpp"

namespace flowdb::backend::sqlserver {

/// What the caller adds to a connection string.
struct OdbcLogin {
  /// How long connecting and logging in may take; at least 1 s. It goes to the driver as
  /// SQL_ATTR_LOGIN_TIMEOUT, by way of unixODBC's DMConnAttr: what FreeTDS calls Timeout would
  /// become the query timeout of the connection, too.
  std::chrono::seconds timeout{15};
  /// Used where the target names none; empty: the driver's own.
  std::string application_name = {};
};

/// The text for SQLDriverConnect in the driver's own words, the password included. It is in
/// Latin-1: SOCI calls the driver manager's narrow function, which makes a character of each byte,
/// whatever the locale, and hands them to the driver in UTF-16.
/// \throws ConfigurationError when the driver cannot do what `target` asks for: a keyword it does
/// not know, a character beyond Latin-1, a password that FreeTDS cannot carry, verification of a
/// certificate by FreeTDS, Encrypt=strict before Microsoft's driver 18. It shows no value.
Secret to_odbc_text(const std::string& database_name, const config::SqlserverTarget& target,
                    const OdbcDriver& driver, const OdbcLogin& login);

}  // namespace flowdb::backend::sqlserver
