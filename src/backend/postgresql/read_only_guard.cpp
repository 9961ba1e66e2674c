#include "backend/postgresql/read_only_guard.hpp"

#include <flowdb/error.hpp>

#include "sql/transaction_effect.hpp"

namespace flowdb::backend::postgresql {

void check_stays_read_only(const sql::ParsedStatement& statement, const ReadOnlyScope& scope) {
  const auto refuse = [&](const std::string& what) {
    throw InvalidArgument(scope.database_name + ": " + what,
                          {.database_name = scope.database_name});
  };
  if (sql::lifts_read_only(statement)) {
    const std::string kind = scope.whole_database ? "database" : "transaction";
    refuse("'" + statement.fingerprint() + "' would let a read-only " + kind +
           " be written to: use a manager or a transaction that is not read-only");
  }
  if (!scope.in_transaction && sql::may_commit(statement, sql::postgresql_dialect())) {
    refuse(statement.verb() +
           " may commit and then write in a transaction of its own: run it within transaction(), "
           "as the database is read-only");
  }
}

}  // namespace flowdb::backend::postgresql
