#pragma once

#include <string>
#include <string_view>

#include <libpq-fe.h>

#include <flowdb/error.hpp>

#include "backend/error_context.hpp"

namespace flowdb::backend::postgresql {

/// Whether trying again may help, by SQLSTATE
/// (https://www.postgresql.org/docs/15/errcodes-appendix.html).
bool is_transient(std::string_view sqlstate) noexcept;
/// The server rolled the transaction back because of others: it may run again as a whole.
bool is_conflict(std::string_view sqlstate) noexcept;

/// The server does not know the prepared statement that it was to execute, or its columns or the
/// types of its tables have changed since: it has run nothing of it, or has taken it back.
bool is_out_of_date(const PGresult* failure) noexcept;

/// The facts of a failed result, cleaned of values.
ErrorFacts facts_of(const PGresult* result, const ErrorContext& context);
/// `database: operation failed: server's words (SQLSTATE 42P01) in «fingerprint»`.
std::string message_of(const ErrorFacts& facts, const ErrorContext& context);
/// Throws the class that belongs to the SQLSTATE. (57014, a cancelled statement, is a QueryError
/// here: who knows the deadline says whether it was that.)
[[noreturn]] void throw_server_error(const PGresult* result, const ErrorContext& context);
/// The same for facts at hand. `session_ended`: a ConnectionError, whatever the SQLSTATE.
[[noreturn]] void throw_server_error(const ErrorFacts& facts, const std::string& message,
                                     bool session_ended);

/// The server has ended the session with this error; it was said before the socket closed.
bool ends_session(std::string_view sqlstate) noexcept;
/// The same, by the severity, FATAL or PANIC: any SQLSTATE may come with it.
bool is_fatal(const PGresult* result) noexcept;

}  // namespace flowdb::backend::postgresql
