#pragma once

#include <algorithm>
#include <string_view>

#include "core/ascii.hpp"

/// Names and keywords as SQL lexers know them.
namespace flowdb::sql {

/// What a parameter's name may hold.
constexpr bool is_name_start(char c) noexcept {
  return is_letter(c) || c == '_';
}
constexpr bool is_name_part(char c) noexcept {
  return is_name_start(c) || is_digit(c);
}

/// `text` is `upper_case` but for the case of its ASCII letters.
constexpr bool equals_keyword(std::string_view text, std::string_view upper_case) noexcept {
  return text.size() == upper_case.size() &&
         std::equal(text.begin(), text.end(), upper_case.begin(),
                    [](char left, char right) { return upper(left) == right; });
}

}  // namespace flowdb::sql
