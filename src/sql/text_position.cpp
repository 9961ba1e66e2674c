#include "sql/text_position.hpp"

#include <algorithm>

#include "core/utf8.hpp"

namespace flowdb::sql {

Position PositionCounter::advance_to(std::size_t byte_offset) noexcept {
  auto target = std::min(byte_offset, text_.size());
  while (target > offset_ && target < text_.size() && utf8::is_continuation(text_[target])) {
    --target;
  }
  for (; offset_ < target; ++offset_) {
    const char current = text_[offset_];
    const bool in_the_middle_of_crlf =
        current == '\r' && offset_ + 1 < text_.size() && text_[offset_ + 1] == '\n';
    if (current == '\n' || (current == '\r' && !in_the_middle_of_crlf)) {
      ++position_.line;
      position_.column = 1;
    } else if (!utf8::is_continuation(current)) {
      ++position_.column;
    }
  }
  return position_;
}

Position position_at(std::string_view text, std::size_t byte_offset) noexcept {
  return PositionCounter{text}.advance_to(byte_offset);
}

std::size_t byte_of_character(std::string_view text, std::size_t one_based_character) noexcept {
  return one_based_character == 0 ? 0 : utf8::byte_offset(text, one_based_character - 1);
}

}  // namespace flowdb::sql
