#pragma once

#include <vector>

#include <flowdb/result_set.hpp>

#include "result/array_text.hpp"

namespace flowdb::result {

/// The entries of an array cell's outermost list; those of a bytea array as bytes, no longer as
/// hexadecimal text.
/// \throws InvalidArgument unless the cell is an array, and a valid one.
std::vector<ArrayEntry> read_array(const Cell& cell);

}  // namespace flowdb::result
