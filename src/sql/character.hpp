#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Characters as SQL lexers know them: ASCII, whatever the process's locale says.
namespace flowdb::sql {

constexpr bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_line_end(char c) noexcept {
  return c == '\n' || c == '\r';
}
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x80;
}
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// What a parameter's name may hold.
constexpr bool is_name_start(char c) noexcept {
  return is_letter(c) || c == '_';
}
constexpr bool is_name_part(char c) noexcept {
  return is_name_start(c) || is_digit(c);
}

inline std::string to_upper(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), upper);
  return result;
}

/// `text` is `upper_case` but for the case of its ASCII letters.
constexpr bool equals_keyword(std::string_view text, std::string_view upper_case) noexcept {
  return text.size() == upper_case.size() &&
         std::equal(text.begin(), text.end(), upper_case.begin(),
                    [](char left, char right) { return upper(left) == right; });
}

}  // namespace flowdb::sql
