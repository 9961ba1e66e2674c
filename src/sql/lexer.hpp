#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <flowdb/error.hpp>

#include "sql/dialect.hpp"
#include "sql/token.hpp"

namespace flowdb::sql {

/// The text cannot be taken apart: something is opened and never closed, or it holds a NUL. The
/// message names the line.
class LexicalError : public InvalidArgument {
 public:
  LexicalError(const std::string& message, std::size_t offset)
      : InvalidArgument(message), offset_(offset) {}
  /// Byte offset of what is wrong, for position_at().
  std::size_t offset() const noexcept { return offset_; }

 private:
  std::size_t offset_;
};

/// Takes SQL text apart from front to back; knows just enough to tell code from literals, quoted
/// identifiers and comments, as the server does (PostgreSQL: scan.l, standard_conforming_strings
/// on). White space is skipped, everything else becomes a token.
///
/// A colon is a parameter's when a letter or `_` follows, unless it directly follows another
/// colon or the last character of an operand (a letter, digit, `_`, quote, `]` or `)`): two
/// operands never stand side by side, so `a[i:j]`, `a[1:n]` and `JSON_OBJECT('key':value)` keep
/// theirs, while `a[:i]` and `a[1: :n]` have parameters. `\:` is always a plain colon.
///
/// The text must outlive the lexer and its tokens. Not thread-safe.
class Lexer {
 public:
  /// \throws LexicalError when the text holds a NUL.
  Lexer(std::string_view text, const Dialect& dialect);

  /// The next token; `end` again and again when there is none.
  /// \throws LexicalError
  Token next();
  /// Goes on at `offset`, which is not before the tokens already taken.
  void skip_to(std::size_t offset) noexcept { offset_ = offset; }

 private:
  Token token(TokenKind kind, std::size_t end);
  Token word_or_prefixed_literal();
  Token colon();
  Token dollar();

  std::size_t end_of_quoted(std::size_t opening, char quote, const char* what) const;
  std::size_t end_of_escape_string(std::size_t opening) const;
  std::size_t continued_string(std::size_t offset) const noexcept;
  std::size_t end_of_line(std::size_t offset) const noexcept;
  std::size_t end_of_block_comment() const;
  std::size_t end_of_word(std::size_t offset) const noexcept;
  std::size_t end_of_digits(std::size_t offset) const noexcept;
  std::size_t end_of_number(std::size_t offset) const noexcept;

  bool is_identifier_start(char c) const noexcept;
  bool is_identifier_part(char c) const noexcept;
  bool follows_operand() const noexcept;
  char at(std::size_t offset) const noexcept;
  [[noreturn]] void fail(const std::string& message, std::size_t offset) const;

  std::string_view text_;
  Dialect dialect_;
  std::size_t offset_ = 0;
};

}  // namespace flowdb::sql
