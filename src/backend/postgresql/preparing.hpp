#pragma once

#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/postgresql/prepared_statements.hpp"
#include "core/deadline.hpp"
#include "sql/statement_kind.hpp"

namespace flowdb::backend::postgresql {

/// The others are not planned by the server, or hardly ever come twice.
inline bool is_worth_preparing(sql::StatementKind kind) noexcept {
  return kind == sql::StatementKind::read || kind == sql::StatementKind::write;
}

/// Prepares the statement on the server, and learns from its description how it may be executed.
/// \throws like a statement that fails.
void prepare(Link& link, PreparedStatements::Statement& statement, sql::StatementKind kind,
             const ErrorContext& context, const Deadline& deadline);

}  // namespace flowdb::backend::postgresql
