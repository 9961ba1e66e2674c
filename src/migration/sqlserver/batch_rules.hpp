#pragma once

#include <string_view>
#include <vector>

#include "migration/sql_dialect.hpp"
#include "sql/script.hpp"

namespace flowdb::migration::sqlserver {

/// What the batches of `script` have no right to say: BEGIN TRANSACTION, COMMIT and ROLLBACK (but
/// to a savepoint of the script's), USE, statements that the server refuses within a transaction,
/// commands of sqlcmd. Found word by word, since T-SQL needs no `;` between statements: the words
/// in question are reserved. What procedures, functions, triggers and dynamic SQL hold is theirs.
std::vector<Objection> objections_to(std::string_view script,
                                     const std::vector<sql::ScriptStatement>& batches);

}  // namespace flowdb::migration::sqlserver
