#include "migration/excerpt.hpp"

#include <algorithm>

#include "core/utf8.hpp"

namespace flowdb::migration {

namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::string_view kEllipsis = "…";
/// Characters shown before and behind the caret.
constexpr std::size_t kLongestSide = 100;

struct Range {
  char32_t first;
  char32_t last;
};

/// What terminals show in two columns: the wide blocks of Unicode's EastAsianWidth.txt, coarsely.
constexpr Range kWideRanges[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
/// Combining marks, joiners and variation selectors: no column of their own.
constexpr Range kZeroWidthRanges[] = {
    {0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};

template <std::size_t Count>
bool is_in(char32_t character, const Range (&ranges)[Count]) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& range) {
    return range.first <= character && character <= range.last;
  });
}

char32_t code_point(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return lead;
  char32_t result = lead & (0x7FU >> bytes.size());
  for (const char byte : bytes.substr(1)) {
    result = (result << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  return result;
}

/// White space as wide as the text.
std::string blank(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto character = text.substr(0, utf8::byte_offset(text, 1));
    const auto code = code_point(character);
    if (code == '\t') {
      result += '\t';
    } else if (!is_in(code, kZeroWidthRanges)) {
      result += is_in(code, kWideRanges) ? "  " : " ";
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto line_break =
      offset == 0 ? std::string_view::npos : text.find_last_of("\r\n", offset - 1);
  const auto begin = line_break == std::string_view::npos ? 0 : line_break + 1;
  const auto end = std::min(text.find_first_of("\r\n", offset), text.size());
  auto before = text.substr(begin, offset - begin);
  auto behind = text.substr(offset, end - offset);

  const auto characters = utf8::count_code_points(before);
  const bool cut_front = characters > kLongestSide;
  if (cut_front) before.remove_prefix(utf8::byte_offset(before, characters - kLongestSide));
  const auto kept = utf8::byte_offset(behind, kLongestSide);
  const bool cut_back = kept < behind.size();
  behind = behind.substr(0, kept);

  std::string result{kIndent};
  if (cut_front) result += kEllipsis;
  result.append(before).append(behind);
  if (cut_back) result += kEllipsis;
  result.append("\n").append(kIndent);
  if (cut_front) result += ' ';
  return result + blank(before) + "^";
}

}  // namespace flowdb::migration
