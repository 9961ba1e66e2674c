#pragma once

#include <cstddef>
#include <string_view>

namespace flowdb::sql {

/// A place in a text as people count: both 1-based, the column in code points; a tab is one column.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  friend bool operator==(const Position&, const Position&) = default;
};

/// Turns ascending byte offsets into positions in one walk over the text. `\n`, `\r\n` and `\r` end
/// a line. The text must outlive the counter.
class PositionCounter {
 public:
  explicit PositionCounter(std::string_view text) noexcept : text_(text) {}

  /// Position of the code point at `byte_offset`, which is not below the one asked for before;
  /// past the end means the end.
  Position advance_to(std::size_t byte_offset) noexcept;

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_;
};

/// Position of the code point at `byte_offset`; past the end means the end.
Position position_at(std::string_view text, std::size_t byte_offset) noexcept;

/// Byte offset of the n-th code point, counted from 1 as PostgreSQL's error position is; the text's
/// size for one past the end, 0 for 0.
std::size_t byte_of_character(std::string_view text, std::size_t one_based_character) noexcept;

}  // namespace flowdb::sql
