#pragma once

#include <libpq-fe.h>

#include "result/table.hpp"

namespace flowdb::backend::postgresql {

/// Appends the rows of a result in text format to the table; bytea is decoded.
void append_rows(const PGresult* result, result::TableBuilder& table);

/// Rows that the statement changed, or returned.
std::uint64_t affected_rows(PGresult* result);

}  // namespace flowdb::backend::postgresql
