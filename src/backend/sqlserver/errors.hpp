#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <flowdb/error.hpp>
#include <flowdb/value.hpp>

#include "backend/sqlserver/diagnostics.hpp"
#include "core/secret.hpp"

namespace flowdb::backend::sqlserver {

/// What an error text needs to know of the call beside the server's words.
struct ErrorContext {
  const std::string& database_name;
  const Secret& password;
  std::string_view operation;         ///< `query`, `COMMIT`, `bulk_insert` …
  std::string_view fingerprint = {};  ///< of the statement
  const Params* params = nullptr;     ///< whose values must not appear
  /// What was sent, to find the place that an error points at; may be empty.
  std::string_view text = {};
  /// Values that are not at hand could appear in what the database's own code raises. Such a text
  /// is not shown.
  bool has_other_values = false;
};

/// The facts of a failure, cleaned of values.
ErrorFacts facts_of(const Diagnostic& diagnostic, const ErrorContext& context);
/// `database: operation failed: server's words (error 208, SQLSTATE 42S02) Statement: …`
std::string message_of(const ErrorFacts& facts, const ErrorContext& context);
/// Throws the class that belongs to the error's number.
[[noreturn]] void throw_server_error(const Diagnostic& diagnostic, const ErrorContext& context);

}  // namespace flowdb::backend::sqlserver
