#include "backend/sqlserver/utf16.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace flowdb::backend::sqlserver {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kLane = 4;  // units looked at together
constexpr bool kPacksLanes = std::endian::native == std::endian::little;
constexpr std::uint64_t kNotAscii = 0xFF80'FF80'FF80'FF80U;

bool is_high_surrogate(char16_t unit) noexcept {
  return (unit & 0xFC00U) == 0xD800U;
}

bool is_low_surrogate(char16_t unit) noexcept {
  return (unit & 0xFC00U) == 0xDC00U;
}

/// The code point at `text`, which is moved behind it; U+FFFD for half a pair.
char32_t next_code_point(const char16_t*& text, const char16_t* end) noexcept {
  const char16_t unit = *text++;
  if (!is_high_surrogate(unit)) {
    return is_low_surrogate(unit) ? kReplacement : unit;
  }
  if (text == end || !is_low_surrogate(*text)) {
    return kReplacement;
  }
  const char16_t low = *text++;
  return 0x10000U + ((unit & 0x3FFU) << 10U) + (low & 0x3FFU);
}

char* write_code_point(char32_t point, char* out) noexcept {
  const auto put = [&out](char32_t byte) { *out++ = static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0U | point >> 6U);
    put(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    put(0xE0U | point >> 12U);
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  } else {
    put(0xF0U | point >> 18U);
    put(0x80U | (point >> 12U & 0x3FU));
    put(0x80U | (point >> 6U & 0x3FU));
    put(0x80U | (point & 0x3FU));
  }
  return out;
}

std::uint64_t lane_at(const char16_t* text) noexcept {
  std::uint64_t lane = 0;
  std::memcpy(&lane, text, sizeof(lane));
  return lane;
}

/// Four units of ASCII, of which every other byte is zero, as four bytes.
void write_ascii_lane(std::uint64_t lane, char* out) noexcept {
  lane = (lane | lane >> 8U) & 0x0000'FFFF'0000'FFFFU;
  const auto bytes = static_cast<std::uint32_t>(lane | lane >> 16U);
  std::memcpy(out, &bytes, sizeof(bytes));
}

/// The sequence at `text`, which is moved behind it; U+FFFD for a byte that begins none (RFC 3629).
char32_t next_of_utf8(const char*& text, const char* end) noexcept {
  const auto first = static_cast<unsigned char>(*text++);
  if (first < 0x80) {
    return first;
  }
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || first > 0xF4 || static_cast<std::size_t>(end - text) < more) {
    return kReplacement;
  }
  char32_t point = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) {
      return kReplacement;
    }
    point = point << 6U | (byte & 0x3FU);
  }
  static constexpr char32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  if (point < kSmallest[more] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
    return kReplacement;
  }
  text += more;
  return point;
}

}  // namespace

void append_utf16(std::u16string& out, std::string_view text) {
  out.reserve(out.size() + text.size());
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const char32_t point = next_of_utf8(at, end);
    if (point < 0x10000) {
      out.push_back(static_cast<char16_t>(point));
    } else {
      out.push_back(static_cast<char16_t>(0xD800U + ((point - 0x10000U) >> 10U)));
      out.push_back(static_cast<char16_t>(0xDC00U + (point & 0x3FFU)));
    }
  }
}

std::u16string to_utf16(std::string_view text) {
  std::u16string result;
  append_utf16(result, text);
  return result;
}

std::size_t utf8_size(const char16_t* text, std::size_t units) noexcept {
  std::size_t size = 0;
  const char16_t* const end = text + units;
  while (text != end) {
    if (end - text >= static_cast<std::ptrdiff_t>(kLane) && (lane_at(text) & kNotAscii) == 0) {
      size += kLane;
      text += kLane;
      continue;
    }
    const char32_t point = next_code_point(text, end);
    size += point < 0x80 ? 1U : point < 0x800 ? 2U : point < 0x10000 ? 3U : 4U;
  }
  return size;
}

char* write_utf8(const char16_t* text, std::size_t units, char* out) noexcept {
  const char16_t* const end = text + units;
  while (text != end) {
    if (kPacksLanes && end - text >= static_cast<std::ptrdiff_t>(kLane)) {
      const auto lane = lane_at(text);
      if ((lane & kNotAscii) == 0) {
        write_ascii_lane(lane, out);
        out += kLane;
        text += kLane;
        continue;
      }
    }
    out = write_code_point(next_code_point(text, end), out);
  }
  return out;
}

std::string to_utf8(std::u16string_view text) {
  std::string result(utf8_size(text.data(), text.size()), '\0');
  write_utf8(text.data(), text.size(), result.data());
  return result;
}

}  // namespace flowdb::backend::sqlserver
