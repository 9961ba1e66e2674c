#include "sql/lexer.hpp"

#include "sql/text_position.hpp"

namespace flowdb::sql {

Lexer::Lexer(std::string_view text, const Dialect& dialect) : text_(text), dialect_(dialect) {
  const auto nul = text.find('\0');
  if (nul != std::string_view::npos) {
    fail("The SQL text holds a NUL character; remove it, or bind the value as a parameter", nul);
  }
}

Token Lexer::next() {
  while (offset_ < text_.size() && is_space(text_[offset_])) ++offset_;
  if (offset_ == text_.size()) return token(TokenKind::end, offset_);

  const char current = text_[offset_];
  const char following = at(offset_ + 1);
  if (is_identifier_start(current)) return word_or_prefixed_literal();
  if (is_digit(current) || (current == '.' && is_digit(following))) {
    return token(TokenKind::number, end_of_number(offset_));
  }
  switch (current) {
    case '\'':
      return token(TokenKind::string, end_of_quoted(offset_, '\'', "string literal"));
    case '"':
      return token(TokenKind::quoted_identifier, end_of_quoted(offset_, '"', "quoted identifier"));
    case '[':
      if (!dialect_.square_brackets) break;
      return token(TokenKind::quoted_identifier, end_of_quoted(offset_, ']', "[identifier]"));
    case '-':
      if (following != '-') break;
      return token(TokenKind::comment, end_of_line(offset_));
    case '/':
      if (following != '*') break;
      return token(TokenKind::comment, end_of_block_comment());
    case '\\':
      if (following != ':') break;
      return token(TokenKind::escaped_colon, offset_ + 2);
    case '?':
      if (dialect_.placeholder != Placeholder::question_mark) break;
      return token(TokenKind::positional_parameter, offset_ + 1);
    case ':':
      return colon();
    case '$':
      return dollar();
    default:
      break;
  }
  return token(TokenKind::symbol, offset_ + 1);
}

Token Lexer::token(TokenKind kind, std::size_t end) {
  const Token result{kind, offset_, text_.substr(offset_, end - offset_)};
  offset_ = end;
  return result;
}

Token Lexer::word_or_prefixed_literal() {
  const char prefix = upper(text_[offset_]);
  const char following = at(offset_ + 1);
  if (following == '\'') {
    if (prefix == 'E' && dialect_.dollar_quotes) {
      return token(TokenKind::string, end_of_escape_string(offset_ + 1));
    }
    if (prefix == 'N' || (dialect_.dollar_quotes && (prefix == 'B' || prefix == 'X'))) {
      return token(TokenKind::string, end_of_quoted(offset_ + 1, '\'', "string literal"));
    }
  }
  if (prefix == 'U' && following == '&' && dialect_.dollar_quotes) {
    const auto opening = offset_ + 2;
    if (at(opening) == '\'') {
      return token(TokenKind::string, end_of_quoted(opening, '\'', "string literal"));
    }
    if (at(opening) == '"') {
      return token(TokenKind::quoted_identifier, end_of_quoted(opening, '"', "quoted identifier"));
    }
  }
  return token(TokenKind::word, end_of_word(offset_));
}

Token Lexer::colon() {
  const char following = at(offset_ + 1);
  if (following == ':' || following == '=') return token(TokenKind::symbol, offset_ + 2);
  if (follows_operand()) return token(TokenKind::symbol, offset_ + 1);

  const bool is_named = is_name_start(following) || !is_ascii(following);
  if (!is_named) return token(TokenKind::symbol, offset_ + 1);
  return token(TokenKind::parameter, end_of_word(offset_ + 1));
}

Token Lexer::dollar() {
  auto end = offset_ + 1;
  if (is_digit(at(end))) {
    if (!dialect_.dollar_quotes) return token(TokenKind::number, end_of_number(end));
    return token(TokenKind::positional_parameter, end_of_digits(end));
  }
  if (!dialect_.dollar_quotes) return token(TokenKind::symbol, end);

  while (is_name_part(at(end)) || !is_ascii(at(end))) ++end;
  if (at(end) != '$') return token(TokenKind::symbol, offset_ + 1);
  const auto tag = text_.substr(offset_, end + 1 - offset_);
  const auto closing = text_.find(tag, end + 1);
  if (closing == std::string_view::npos) {
    fail("A dollar-quoted string is never closed; close it with the " + std::string{tag} +
             " that opened it",
         offset_);
  }
  return token(TokenKind::string, closing + tag.size());
}

bool Lexer::follows_operand() const noexcept {
  if (offset_ == 0) return false;
  const char previous = text_[offset_ - 1];
  return is_identifier_part(previous) || previous == '\'' || previous == '"' || previous == ']' ||
         previous == ')' || previous == ':';
}

bool Lexer::is_identifier_start(char c) const noexcept {
  return is_name_start(c) || !is_ascii(c) || (dialect_.square_brackets && (c == '@' || c == '#'));
}

bool Lexer::is_identifier_part(char c) const noexcept {
  return is_identifier_start(c) || is_digit(c) || c == '$';
}

char Lexer::at(std::size_t offset) const noexcept {
  return offset < text_.size() ? text_[offset] : '\0';
}

void Lexer::fail(const std::string& message, std::size_t offset) const {
  const auto line = position_at(text_, offset).line;
  throw LexicalError(message + " (line " + std::to_string(line) + ").", offset);
}

}  // namespace flowdb::sql
