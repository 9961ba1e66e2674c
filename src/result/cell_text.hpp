#pragma once

#include <string>

#include <flowdb/result_set.hpp>

namespace flowdb::result {

/// The cell in PostgreSQL's text form with ISO dates, UTC, the same for either encoding; for bytes
/// the bytes. Empty for NULL.
/// \throws InvalidArgument when the bytes are no value of the column's type.
std::string text_of(const Cell& cell);

}  // namespace flowdb::result
