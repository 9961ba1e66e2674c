#pragma once

#include <memory>
#include <string>

#include <soci/soci.h>

#include "backend/sqlserver/diagnostics.hpp"
#include "backend/sqlserver/link.hpp"
#include "backend/sqlserver/odbc_drivers.hpp"
#include "config/settings.hpp"
#include "config/sqlserver_connection_string.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::sqlserver {

/// Opens ODBC sessions of one database; shared by its backend and its connections, which open
/// theirs anew when nothing else makes them as they were. Thread-safe.
class SessionOpener {
 public:
  /// \throws ConfigurationError for a connection string that cannot be understood, or a driver that
  /// is not installed.
  explicit SessionOpener(const config::Settings& settings);

  /// Connects `session`, which must be closed, and finds its handles and its socket. The caller
  /// closes it by close_session(). May block past the deadline: drivers count in whole seconds.
  /// \throws ConnectionError, AuthenticationError, ConfigurationError.
  Link open(soci::session& session, const Deadline& deadline) const;

  const ServerIdentity& identity() const noexcept { return identity_; }
  DriverFamily family() const noexcept { return driver_.family; }

 private:
  Secret connection_text(const Deadline& deadline) const;
  void connect(soci::session& session, const Deadline& deadline) const;
  [[noreturn]] void throw_refused(const Diagnostic& diagnostic) const;

  ServerIdentity identity_;
  config::SqlserverTarget target_;
  OdbcDriver driver_;
  std::string flow_name_;
};

/// Ends the session at once: the server is not asked, since it may not answer.
void close_session(soci::session& session, Link& link) noexcept;

}  // namespace flowdb::backend::sqlserver
