#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::tds_server {

enum class LexemeKind {
  end,
  word,      ///< a keyword, a name, a #temporary name
  quoted,    ///< [name] or "name"
  string,    ///< '…'
  national,  ///< N'…'
  number,
  binary,    ///< 0x…
  variable,  ///< @name, @@name
  symbol,    ///< an operator of one or two characters, or any other single character
};

struct Lexeme {
  LexemeKind kind = LexemeKind::end;
  std::string_view text{};
  std::uint32_t line = 1;
  /// White space or a comment stands before it.
  bool spaced = false;

  bool is_symbol(std::string_view symbol) const {
    return kind == LexemeKind::symbol && text == symbol;
  }
  /// A word, given in upper case.
  bool is(std::string_view upper_case) const;
  template <typename... Words>
  bool is_any(Words... upper_case) const {
    return (is(upper_case) || ...);
  }
  bool is_name() const { return kind == LexemeKind::word || kind == LexemeKind::quoted; }
};

using Lexemes = std::vector<Lexeme>;

/// T-SQL's text in pieces that view it, comments left out, with an `end` behind them. Throws
/// SqlError 105 or 113 for what is opened and never closed.
Lexemes read_lexemes(std::string_view text);

/// A name as the catalogue holds it: without quotes, in lower case (the collation ignores case).
std::string plain_name(const Lexeme& name);
/// The same with its own case.
std::string display_name(const Lexeme& name);
/// What stands between the quotes of a string.
std::string string_value(const Lexeme& text);

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

}  // namespace flowdb::tds_server
