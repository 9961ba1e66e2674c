#pragma once

#include <string>
#include <string_view>

#include <libpq-fe.h>

#include <flowdb/error.hpp>
#include <flowdb/value.hpp>

#include "core/secret.hpp"

namespace flowdb::backend::postgresql {

/// What an error text needs to know of the call beside the server's words.
struct ErrorContext {
  const std::string& database_name;
  const Secret& password;
  std::string_view operation;         ///< `query`, `COMMIT`, `bulk_insert into …`
  std::string_view fingerprint = {};  ///< of the statement
  const Params* params = nullptr;     ///< whose values must not appear
  /// Values that are not at hand could appear in what a function raises: the rows of a COPY, those
  /// of earlier statements at COMMIT. Such a text is not shown.
  bool has_other_values = false;
};

/// Whether trying again may help, by SQLSTATE
/// (https://www.postgresql.org/docs/15/errcodes-appendix.html).
bool is_transient(std::string_view sqlstate) noexcept;
/// The server rolled the transaction back because of others: it may run again as a whole.
bool is_conflict(std::string_view sqlstate) noexcept;

/// The facts of a failed result, cleaned of values.
ErrorFacts facts_of(const PGresult* result, const ErrorContext& context);
/// `database: operation failed: server's words (SQLSTATE 42P01) in «fingerprint»`.
std::string message_of(const ErrorFacts& facts, const ErrorContext& context);
/// Throws the class that belongs to the SQLSTATE. (57014, a cancelled statement, is a QueryError
/// here: who knows the deadline says whether it was that.)
[[noreturn]] void throw_server_error(const PGresult* result, const ErrorContext& context);

/// The server has ended the session with this error; it was said before the socket closed.
bool ends_session(std::string_view sqlstate) noexcept;

}  // namespace flowdb::backend::postgresql
