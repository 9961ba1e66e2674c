#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::migration {

/// The text that another one was made from by replacing pieces of it.
struct SourceMap {
  struct Piece {
    std::size_t begin = 0;         ///< in the new text
    std::size_t end = 0;           ///< in the new text
    std::size_t source_begin = 0;  ///< in the source
    std::size_t source_end = 0;
  };
  std::string text = {};           ///< the source; empty when nothing was replaced
  std::vector<Piece> pieces = {};  ///< what was replaced, in order
};

/// A place in a text, or in the source that it was made from.
struct SourcePlace {
  std::string_view text;
  std::size_t offset = 0;
};

/// Where the byte at `offset` of `text` comes from; within a replaced piece, its beginning. What is
/// returned points into `text` or `map`.
SourcePlace source_place(std::string_view text, const SourceMap& map, std::size_t offset) noexcept;

}  // namespace flowdb::migration
