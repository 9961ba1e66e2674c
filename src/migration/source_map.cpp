#include "migration/source_map.hpp"

namespace flowdb::migration {

SourcePlace source_place(std::string_view text, const SourceMap& map, std::size_t offset) noexcept {
  if (map.pieces.empty()) return {text, offset};
  auto source = offset;
  for (const auto& piece : map.pieces) {
    if (offset < piece.begin) break;
    source = offset < piece.end ? piece.source_begin : offset - piece.end + piece.source_end;
  }
  return {map.text, source};
}

}  // namespace flowdb::migration
