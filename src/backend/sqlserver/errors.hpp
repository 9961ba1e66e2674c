#pragma once

#include <string>

#include <flowdb/error.hpp>

#include "backend/error_context.hpp"
#include "backend/sqlserver/diagnostics.hpp"

namespace flowdb::backend::sqlserver {

/// The facts of a failure, cleaned of values.
ErrorFacts facts_of(const Diagnostic& diagnostic, const ErrorContext& context);
/// `database: operation failed: server's words (error 208, SQLSTATE 42S02) Statement: …`
std::string message_of(const ErrorFacts& facts, const ErrorContext& context);
/// Throws the class that belongs to the error's number.
[[noreturn]] void throw_server_error(const std::string& message, const ErrorFacts& facts);

}  // namespace flowdb::backend::sqlserver
