#pragma once

#include <string>
#include <vector>

#include "backend/sqlserver/odbc.hpp"

namespace flowdb::backend::sqlserver {

/// One message of the server, the driver or the driver manager, as it came: it may hold values.
struct Diagnostic {
  std::string sqlstate;
  int native_code = 0;
  std::string text;  ///< without the names of those who passed it on: `[FreeTDS][SQL Server]`
  int line = 0;      ///< 1-based, of the batch; 0: not known
};

/// All messages that stand at a handle, in the driver's order.
std::vector<Diagnostic> diagnostics_of(SQLSMALLINT handle_type, SQLHANDLE handle);

/// A message that is no error: PRINT, a change of language, a warning.
bool is_information(const Diagnostic& diagnostic) noexcept;

/// The message that says what went wrong; nullptr when none does. Drivers put `The statement has
/// been terminated` and their own words beside the server's.
const Diagnostic* cause_of(const std::vector<Diagnostic>& diagnostics) noexcept;

/// A message that tells of a connection that is gone, or could not be made.
bool tells_of_lost_connection(const Diagnostic& diagnostic) noexcept;

/// Text without its leading `[…]` parts.
std::string without_senders(std::string text);

}  // namespace flowdb::backend::sqlserver
