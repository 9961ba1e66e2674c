#pragma once

#include "sql/dialect.hpp"
#include "sql/statement.hpp"

namespace flowdb::sql {

/// Whether the statement, run outside a transaction, may commit a part of its work before it fails:
/// CALL, DO, EXEC, VACUUM, CREATE INDEX CONCURRENTLY … Errs on the side of yes.
bool may_commit(const ParsedStatement& statement, const Dialect& dialect);

/// Whether the statement would let a PostgreSQL transaction write that was begun as read-only, or
/// take the default away that begins them so: SET TRANSACTION READ WRITE, SET
/// default_transaction_read_only and its like. (What a function sets is not seen here; the server
/// refuses it in a transaction that has read anything.)
bool lifts_read_only(const ParsedStatement& statement);

}  // namespace flowdb::sql
