#pragma once

#include <cstddef>
#include <string_view>

#include "sql/character.hpp"

namespace flowdb::sql {

enum class TokenKind {
  end,                ///< the text is used up
  comment,            ///< `-- …` without its line end, or `/* … */` with all it nests
  word,               ///< a keyword or an identifier without quotes
  quoted_identifier,  ///< "…", U&"…", […]
  string,             ///< '…' with its prefix, $tag$…$tag$
  number,
  parameter,             ///< `:name`; whether the name is a good one is not the lexer's
  positional_parameter,  ///< `$1`; `?` where the dialect's placeholder is one
  escaped_colon,         ///< `\:`
  symbol,                ///< `::`, `:=`, or any other single character
};

/// A piece of a text; views into it.
struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::string_view text;

  constexpr std::size_t end() const noexcept { return begin + text.size(); }
  constexpr bool is_symbol(char character) const noexcept {
    return kind == TokenKind::symbol && text.size() == 1 && text.front() == character;
  }
  constexpr bool is_word(std::string_view upper_case) const noexcept {
    return kind == TokenKind::word && equals_keyword(text, upper_case);
  }
  /// It is one of the words, given in upper case.
  template <typename... Words>
  constexpr bool is_one_of(Words... upper_case) const noexcept {
    return (is_word(upper_case) || ...);
  }
};

}  // namespace flowdb::sql
