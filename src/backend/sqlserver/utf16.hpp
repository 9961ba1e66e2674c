#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace flowdb::backend::sqlserver {

/// Appends UTF-8 as UTF-16 in the machine's own byte order. Here and below malformed input becomes
/// U+FFFD.
void append_utf16(std::u16string& out, std::string_view text);
std::u16string to_utf16(std::string_view text);

/// The most bytes that `units` of UTF-16 can take as UTF-8.
constexpr std::size_t most_utf8(std::size_t units) noexcept {
  return units * 3;
}
/// The bytes that they do take.
std::size_t utf8_size(const char16_t* text, std::size_t units) noexcept;
/// Writes UTF-8 to `out`, which has room for it; returns the end.
char* write_utf8(const char16_t* text, std::size_t units, char* out) noexcept;
std::string to_utf8(std::u16string_view text);

}  // namespace flowdb::backend::sqlserver
