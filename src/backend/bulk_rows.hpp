#pragma once

#include <string>
#include <vector>

#include <flowdb/value.hpp>

namespace flowdb::backend {

/// Refuses rows that no server can load, before anything is sent, so that a mistake costs nothing.
/// \throws InvalidArgument for a row that has not as many values as there are columns, a text with
/// a NUL or a time of day that is none; names the row.
void check_bulk_rows(const std::vector<std::string>& columns,
                     const std::vector<std::vector<Value>>& rows);

}  // namespace flowdb::backend
