#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/result_set.hpp>

#include "result/column_names.hpp"

/// What Cell::as<T>() says when it cannot: always which column and what to do, never the value.

namespace flowdb::result {

/// `column 'name' is text, not an integer: read it as std::string`. `wanted` is what was asked for,
/// with its article.
[[noreturn]] void throw_wrong_type(const Cell& cell, std::string_view wanted);

/// `column 'price' holds a fraction, which an integer cannot: read it as flowdb::Decimal`.
/// `problem` is what follows `holds`; the remedy is the type that holds all values of the column.
[[noreturn]] void throw_lossy(const Cell& cell, std::string_view problem);

/// `column 'id' does not hold a valid integer`: what the server sent is not what it said.
[[noreturn]] void throw_malformed(const Cell& cell, std::string_view wanted);

/// What a decoder of the binary form gave, or throw_malformed().
template <class T>
T checked(std::optional<T> value, const Cell& cell) {
  if (!value) {
    throw_malformed(cell, to_string(cell.column().type));
  }
  return *std::move(value);
}

/// Runs `parse` on a cell in text form and puts the column's name before what it complains about.
template <class Parse>
auto parse_cell(const Cell& cell, Parse parse) {
  try {
    return parse(CellAccess::raw(cell));
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(describe(cell.column()) + ": " + error.what());
  }
}

}  // namespace flowdb::result
