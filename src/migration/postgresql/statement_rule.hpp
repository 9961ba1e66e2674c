#pragma once

#include <string_view>

#include "sql/script.hpp"

namespace flowdb::migration::postgresql {

/// Where a statement of a migration may run.
enum class StatementRule {
  transactional,        ///< in the migration's transaction, like nearly everything
  transaction_control,  ///< it would end or nest that transaction; savepoints are harmless
  non_transactional,    ///< the server refuses it within a transaction
  session,              ///< SET, RESET: in a transaction, or beside statements that are in none
  client_copy,          ///< COPY to STDOUT: nobody would read what it sends
  client_command,       ///< a backslash command of psql
};

/// The rule for one statement of `script` (PostgreSQL 15; what only older or newer servers refuse
/// in a transaction is left to them).
StatementRule rule_of(std::string_view script, const sql::ScriptStatement& statement);

}  // namespace flowdb::migration::postgresql
