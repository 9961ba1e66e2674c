#pragma once

#include <cstdint>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/postgresql/prepared_statements.hpp"
#include "core/deadline.hpp"
#include "sql/statement.hpp"

namespace flowdb::backend::postgresql {

/// Executes the statement once for each parameter set through libpq's pipeline: many are on their
/// way before the first answer is read. What comes twice with the same types is prepared, within
/// the pipeline. The connection must be in a transaction. Returns the sum of the affected rows.
std::uint64_t run_batch(Link& link, PreparedStatements& prepared, const ErrorContext& context,
                        const sql::ParsedStatement& statement, const std::vector<Params>& params,
                        const Deadline& deadline);

}  // namespace flowdb::backend::postgresql
