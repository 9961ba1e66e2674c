#include "core/utf8.hpp"

#include <algorithm>

namespace flowdb::utf8 {

namespace {

/// The code points of one sequence length, RFC 3629 section 3: the lead byte's range, how many
/// bytes follow, and the range of the first of them.
struct Sequence {
  unsigned char lead_first;
  unsigned char lead_last;
  unsigned char followers;
  unsigned char second_first;
  unsigned char second_last;
};

constexpr Sequence kSequences[] = {
    {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF}, {0xE1, 0xEC, 2, 0x80, 0xBF},
    {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF}, {0xF0, 0xF0, 3, 0x90, 0xBF},
    {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

constexpr bool within(char byte, unsigned char first, unsigned char last) noexcept {
  const auto value = static_cast<unsigned char>(byte);
  return first <= value && value <= last;
}

/// Length of the well-formed sequence at the start of `text`, which is not empty; 0 if malformed.
std::size_t sequence_length(std::string_view text) noexcept {
  if (within(text[0], 0x00, 0x7F)) return 1;
  for (const auto& sequence : kSequences) {
    if (!within(text[0], sequence.lead_first, sequence.lead_last)) continue;
    if (text.size() <= sequence.followers) return 0;
    if (!within(text[1], sequence.second_first, sequence.second_last)) return 0;
    const auto rest = text.substr(2, sequence.followers - 1);
    return std::all_of(rest.begin(), rest.end(), is_continuation) ? sequence.followers + 1U : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> first_invalid(std::string_view text) noexcept {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto length = sequence_length(text.substr(offset));
    if (length == 0) return offset;
    offset += length;
  }
  return std::nullopt;
}

std::size_t count_code_points(std::string_view text) noexcept {
  return text.size() -
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::size_t byte_offset(std::string_view text, std::size_t count) noexcept {
  std::size_t offset = 0;
  for (; offset < text.size(); ++offset) {
    if (is_continuation(text[offset])) continue;
    if (count == 0) break;
    --count;
  }
  return offset;
}

std::string_view without_byte_order_mark(std::string_view text) noexcept {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.substr(0, kMark.size()) == kMark ? text.substr(kMark.size()) : text;
}

}  // namespace flowdb::utf8
