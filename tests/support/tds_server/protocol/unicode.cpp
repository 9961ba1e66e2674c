#include "support/tds_server/protocol/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace flowdb::tds_server {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Code page 1252 from 0x80 to 0x9F; elsewhere it is Latin-1. 0 for what is not assigned.
constexpr std::array<char16_t, 32> kCp1252High = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&out, c](unsigned shift) {
    out.push_back(static_cast<char>(0x80U | (c >> shift & 0x3FU)));
  };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0U | c >> 6U));
    tail(0);
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | c >> 12U));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0U | c >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Takes the code point at `at`, which is moved behind it.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at++);
  if (lead < 0x80) return lead;
  const std::size_t tails = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  if (tails == 0 || at + tails > text.size()) return kReplacement;
  char32_t c = lead & (0x3FU >> tails);
  for (std::size_t i = 0; i < tails; ++i) {
    if ((byte(at) & 0xC0U) != 0x80U) return kReplacement;
    c = c << 6U | (byte(at++) & 0x3FU);
  }
  return c;
}

void append_unit(std::string& out, char32_t unit) {
  out.push_back(static_cast<char>(unit & 0xFFU));
  out.push_back(static_cast<char>(unit >> 8U & 0xFFU));
}

}  // namespace

std::string utf16_from_utf8(std::string_view text) {
  std::string out;
  out.reserve(2 * text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x10000) {
      append_unit(out, c);
    } else {
      append_unit(out, 0xD800U + ((c - 0x10000U) >> 10U));
      append_unit(out, 0xDC00U + ((c - 0x10000U) & 0x3FFU));
    }
  }
  return out;
}

std::string utf8_from_utf16(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  const auto unit = [&bytes](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(bytes[i]) |
                                 static_cast<unsigned char>(bytes[i + 1]) << 8U);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t c = unit(at);
    if (c >= 0xD800 && c < 0xE000) {
      const bool paired =
          c < 0xDC00 && at + 3 < bytes.size() && (unit(at + 2) & 0xFC00U) == 0xDC00U;
      if (paired) {
        c = 0x10000U + ((c & 0x3FFU) << 10U) + (unit(at + 2) & 0x3FFU);
        at += 2;
      } else {
        c = kReplacement;
      }
    }
    append_utf8(out, c);
  }
  return out;
}

std::string cp1252_from_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x80 || (c >= 0xA0 && c < 0x100)) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    const auto* const found = std::find(kCp1252High.begin(), kCp1252High.end(), c);
    out.push_back(found == kCp1252High.end()
                      ? '?'
                      : static_cast<char>(0x80 + std::distance(kCp1252High.begin(), found)));
  }
  return out;
}

std::string utf8_from_cp1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool high = byte >= 0x80 && byte < 0xA0;
    const char32_t mapped = high ? kCp1252High[byte - 0x80U] : byte;
    append_utf8(out, mapped == 0 && high ? byte : mapped);
  }
  return out;
}

}  // namespace flowdb::tds_server
