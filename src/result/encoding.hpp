#pragma once

#include <cstdint>
#include <string_view>

#include <flowdb/result_set.hpp>

namespace flowdb::result {

/// How the cells of a table are kept. Text, JSON and bytes are the same in both.
enum class Encoding : std::uint8_t {
  text,    ///< PostgreSQL's text form with ISO dates, UTC
  binary,  ///< PostgreSQL's binary form (binary_form.hpp); never for arrays and ColumnType::other
};

inline bool is_binary(const Cell& cell) noexcept {
  return CellAccess::encoding(cell) == Encoding::binary;
}

/// The cell's bytes, in its encoding.
inline std::string_view raw_of(const Cell& cell) noexcept {
  return CellAccess::raw(cell);
}

}  // namespace flowdb::result
