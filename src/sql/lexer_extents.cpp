// Where the lexer's longer tokens end.

#include "sql/lexer.hpp"

namespace flowdb::sql {

std::size_t Lexer::end_of_quoted(std::size_t opening, char quote, const char* what) const {
  auto closing = text_.find(quote, opening + 1);
  while (closing != std::string_view::npos && at(closing + 1) == quote) {
    closing = text_.find(quote, closing + 2);
  }
  if (closing == std::string_view::npos) {
    fail(std::string{"A "} + what + " is never closed; close it with " + quote, opening);
  }
  return closing + 1;
}

std::size_t Lexer::end_of_escape_string(std::size_t opening) const {
  auto offset = opening + 1;
  while (offset < text_.size()) {
    const char current = text_[offset];
    if (current == '\\' || (current == '\'' && at(offset + 1) == '\'')) {
      offset += 2;
    } else if (current == '\'') {
      const auto continued = continued_string(offset + 1);
      if (continued == std::string_view::npos) return offset + 1;
      offset = continued;
    } else {
      ++offset;
    }
  }
  fail("A string literal is never closed; close it with '", opening);
}

/// A literal goes on, its escapes with it, when only white space with a line end (and `--`
/// comments) lies between two quotes. Offset behind the second quote; npos when it does not.
std::size_t Lexer::continued_string(std::size_t offset) const noexcept {
  bool line_ended = false;
  while (offset < text_.size()) {
    if (is_space(text_[offset])) {
      line_ended = line_ended || is_line_end(text_[offset]);
      ++offset;
    } else if (text_[offset] == '-' && at(offset + 1) == '-') {
      offset = end_of_line(offset);
    } else {
      break;
    }
  }
  return line_ended && at(offset) == '\'' ? offset + 1 : std::string_view::npos;
}

std::size_t Lexer::end_of_line(std::size_t offset) const noexcept {
  const auto end = text_.find_first_of("\r\n", offset);
  return end == std::string_view::npos ? text_.size() : end;
}

std::size_t Lexer::end_of_block_comment() const {
  std::size_t depth = 0;
  auto offset = offset_;
  while (offset + 1 < text_.size()) {
    const auto pair = text_.substr(offset, 2);
    if (pair == "/*") {
      ++depth;
      offset += 2;
    } else if (pair == "*/") {
      --depth;
      offset += 2;
      if (depth == 0) return offset;
    } else {
      ++offset;
    }
  }
  fail("A comment is never closed; close it with */ (comments nest)", offset_);
}

std::size_t Lexer::end_of_word(std::size_t offset) const noexcept {
  while (offset < text_.size() && is_identifier_part(text_[offset])) ++offset;
  return offset;
}

std::size_t Lexer::end_of_digits(std::size_t offset) const noexcept {
  while (is_digit(at(offset)) || (at(offset) == '_' && is_digit(at(offset + 1)))) ++offset;
  return offset;
}

std::size_t Lexer::end_of_number(std::size_t offset) const noexcept {
  const char base = upper(at(offset + 1));
  if (at(offset) == '0' && (base == 'X' || base == 'O' || base == 'B')) {
    offset += 2;
    while (is_name_part(at(offset))) ++offset;
    return offset;
  }
  offset = end_of_digits(offset);
  if (at(offset) == '.' && at(offset + 1) != '.') offset = end_of_digits(offset + 1);
  if (upper(at(offset)) == 'E') {
    const bool has_sign = at(offset + 1) == '+' || at(offset + 1) == '-';
    const auto exponent = offset + (has_sign ? 2 : 1);
    if (is_digit(at(exponent))) offset = end_of_digits(exponent);
  }
  return offset;
}

}  // namespace flowdb::sql
