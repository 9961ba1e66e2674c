#include "support/tds_server/tsql/lexer.hpp"

#include <algorithm>
#include <array>

#include "support/tds_server/protocol/sql_error.hpp"

namespace flowdb::tds_server {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_word_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '@' ||
         c == '#' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_{text} {}

  Lexemes read() {
    Lexemes lexemes;
    for (;;) {
      const bool spaced = skip_blanks();
      Lexeme lexeme = next();
      lexeme.spaced = spaced;
      lexemes.push_back(lexeme);
      if (lexeme.kind == LexemeKind::end) return lexemes;
    }
  }

 private:
  char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }

  /// Moves behind white space and comments; says whether there were any.
  bool skip_blanks() {
    const std::size_t begin = offset_;
    for (;;) {
      if (is_space(at(offset_))) {
        advance(1);
      } else if (text_.substr(offset_, 2) == "--") {
        advance(std::min(text_.find('\n', offset_), text_.size()) - offset_);
      } else if (text_.substr(offset_, 2) == "/*") {
        skip_block_comment();
      } else {
        return offset_ > begin;
      }
    }
  }

  void skip_block_comment() {
    int depth = 0;
    do {
      const std::string_view here = text_.substr(offset_, 2);
      if (here.empty()) fail(113, "Missing end comment mark '*/'.");
      if (here == "/*") ++depth;
      if (here == "*/") --depth;
      advance(here == "/*" || here == "*/" ? 2 : 1);
    } while (depth > 0);
  }

  void advance(std::size_t count) {
    line_ += static_cast<std::uint32_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(offset_),
                   text_.begin() + static_cast<std::ptrdiff_t>(offset_ + count), '\n'));
    offset_ += count;
  }

  Lexeme take(LexemeKind kind, std::size_t end) {
    Lexeme lexeme{kind, text_.substr(offset_, end - offset_), line_, false};
    advance(end - offset_);
    return lexeme;
  }

  Lexeme next() {
    const char c = at(offset_);
    if (offset_ >= text_.size()) return {LexemeKind::end, {}, line_, false};
    if (c == '\'') return take(LexemeKind::string, quoted_end(offset_, '\''));
    if ((c == 'N' || c == 'n') && at(offset_ + 1) == '\'') {
      return take(LexemeKind::national, quoted_end(offset_ + 1, '\''));
    }
    if (c == '"') return take(LexemeKind::quoted, quoted_end(offset_, '"'));
    if (c == '[') return take(LexemeKind::quoted, quoted_end(offset_, ']'));
    if (c == '0' && to_upper(at(offset_ + 1)) == 'X') {
      return take(LexemeKind::binary, word_end(offset_ + 2));
    }
    if (is_digit(c) || (c == '.' && is_digit(at(offset_ + 1)))) {
      return take(LexemeKind::number, number_end());
    }
    if (c == '@') return take(LexemeKind::variable, word_end(offset_));
    if (is_word_part(c)) return take(LexemeKind::word, word_end(offset_));
    return take(LexemeKind::symbol, offset_ + symbol_size());
  }

  std::size_t symbol_size() const {
    static constexpr std::array<std::string_view, 12> kPairs{"<>", "!=", "<=", ">=", "!<", "!>",
                                                             "+=", "-=", "*=", "/=", "%=", "::"};
    return std::find(kPairs.begin(), kPairs.end(), text_.substr(offset_, 2)) != kPairs.end() ? 2
                                                                                             : 1;
  }

  std::size_t quoted_end(std::size_t opening, char closing) const {
    for (std::size_t end = opening + 1; end < text_.size(); ++end) {
      if (text_[end] != closing) continue;
      if (at(end + 1) != closing) return end + 1;
      ++end;
    }
    fail(105, "Unclosed quotation mark after the character string '" +
                  std::string{text_.substr(opening + 1, 30)} + "'.");
  }

  std::size_t word_end(std::size_t end) const {
    while (is_word_part(at(end)) && end < text_.size()) ++end;
    return end;
  }

  std::size_t number_end() const {
    std::size_t end = offset_;
    while (is_digit(at(end)) || at(end) == '.') ++end;
    if (to_upper(at(end)) == 'E') {
      std::size_t exponent = end + 1;
      if (at(exponent) == '+' || at(exponent) == '-') ++exponent;
      if (is_digit(at(exponent))) {
        while (is_digit(at(exponent))) ++exponent;
        end = exponent;
      }
    }
    return end;
  }

  [[noreturn]] void fail(std::int32_t number, const std::string& text) const {
    SqlError error{number, text, 15, ErrorScope::batch};
    error.set_line(line_);
    throw error;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

bool Lexeme::is(std::string_view upper) const {
  return kind == LexemeKind::word && text.size() == upper.size() &&
         std::equal(text.begin(), text.end(), upper.begin(),
                    [](char left, char right) { return to_upper(left) == right; });
}

Lexemes read_lexemes(std::string_view text) {
  return Lexer{text}.read();
}

std::string display_name(const Lexeme& name) {
  if (name.kind != LexemeKind::quoted) return std::string{name.text};
  const char closing = name.text.back();
  std::string plain;
  for (std::size_t i = 1; i + 1 < name.text.size(); ++i) {
    plain.push_back(name.text[i]);
    if (name.text[i] == closing) ++i;
  }
  return plain;
}

std::string plain_name(const Lexeme& name) {
  return lower_case(display_name(name));
}

std::string string_value(const Lexeme& text) {
  const std::size_t opening = text.text.find('\'');
  std::string value;
  for (std::size_t i = opening + 1; i + 1 < text.text.size(); ++i) {
    value.push_back(text.text[i]);
    if (text.text[i] == '\'') ++i;
  }
  return value;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

std::string upper_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), to_upper);
  return out;
}

}  // namespace flowdb::tds_server
