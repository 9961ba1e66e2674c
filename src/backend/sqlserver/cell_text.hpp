#pragma once

#include <cstddef>

#include "backend/sqlserver/column_plan.hpp"

namespace flowdb::backend::sqlserver {

/// The most bytes that a cell of that form takes as flowdb keeps it, from `bytes` of the driver's.
std::size_t most_cell_bytes(CellForm form, std::size_t bytes) noexcept;

/// Writes a value as flowdb keeps it (PostgreSQL's text form, ISO dates; bytes as they are) and
/// returns its end. `out` has room for most_cell_bytes().
char* write_cell(const ColumnPlan& plan, const char* value, std::size_t bytes, char* out) noexcept;

}  // namespace flowdb::backend::sqlserver
