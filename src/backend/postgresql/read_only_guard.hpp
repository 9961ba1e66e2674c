#pragma once

#include <string>

#include "sql/statement.hpp"

namespace flowdb::backend::postgresql {

/// Where a statement is about to run that must not write.
struct ReadOnlyScope {
  const std::string& database_name;
  bool whole_database = false;  ///< by configuration; otherwise one transaction
  bool in_transaction = false;
};

/// Refuses what would let a read-only database or transaction be written to.
/// \throws InvalidArgument that says why.
void check_stays_read_only(const sql::ParsedStatement& statement, const ReadOnlyScope& scope);

}  // namespace flowdb::backend::postgresql
