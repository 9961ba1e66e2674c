#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace flowdb::utf8 {

/// True for a byte that continues a code point, false for one that starts it.
constexpr bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Byte offset where the first malformed sequence starts (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF); nullopt for valid text.
std::optional<std::size_t> first_invalid(std::string_view text) noexcept;

inline bool is_valid(std::string_view text) noexcept {
  return !first_invalid(text);
}

/// Number of code points; in malformed text the number of bytes that continue none.
std::size_t count_code_points(std::string_view text) noexcept;

/// Byte offset behind the first `count` code points; the text's size when it has fewer.
std::size_t byte_offset(std::string_view text, std::size_t count) noexcept;

/// `text` without one byte order mark at its start.
std::string_view without_byte_order_mark(std::string_view text) noexcept;

}  // namespace flowdb::utf8
