#pragma once

#include <cstdint>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/sqlserver/call.hpp"
#include "backend/sqlserver/odbc_drivers.hpp"
#include "sql/statement.hpp"

namespace flowdb::backend::sqlserver {

/// Executes the statement once for each parameter set. The connection must be in a transaction.
/// Returns the sum of the affected rows.
std::uint64_t run_batch(Link& link, DriverFamily family, const ErrorContext& context,
                        const sql::ParsedStatement& statement, const std::vector<Params>& params,
                        const Deadline& deadline);

}  // namespace flowdb::backend::sqlserver
