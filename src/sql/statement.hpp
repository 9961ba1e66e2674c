#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.hpp"
#include "sql/statement_kind.hpp"

namespace flowdb::sql {

/// One use of a named parameter.
struct ParameterUse {
  std::size_t name_index = 0;  ///< into ParsedStatement::names()
  std::size_t begin = 0;       ///< the `:name` in the source text: [begin, end)
  std::size_t end = 0;
  /// The use stands alone in `IN (:name)` or `NOT IN (:name)`: a list may take its place. Then
  /// [in_begin, in_end) covers `IN (…)` or `NOT IN (…)` as a whole.
  bool alone_in_list = false;
  /// The use is one of several entries of an IN list: a list that is not empty may take its place.
  bool within_list = false;
  bool negated = false;
  /// The statement asks here whether the parameter is NULL: `:name IS NULL`, `:name IS NOT NULL`.
  bool null_test = false;
  std::size_t in_begin = 0;
  std::size_t in_end = 0;
};

/// A statement whose `:name` parameters have been found. Immutable; shared between threads.
///
/// Not parameters: anything in string literals ('', E'', $tag$…$tag$), quoted identifiers, comments
/// (nested), `::type` casts, `:=`, array slices `a[1:2]`; `\:` is a plain colon. Lexer says exactly
/// which colon is whose.
class ParsedStatement {
 public:
  /// \throws InvalidArgument for an unterminated literal, identifier or comment (says which and
  /// its line), for text with a NUL, for a parameter's name with other characters than
  /// [A-Za-z0-9_], and for `$1` beside `:name` or `?` where that is the placeholder: the two ways
  /// to number parameters would mix.
  ParsedStatement(std::string_view text, const Dialect& dialect);

  /// The text as written by the caller.
  const std::string& source() const noexcept { return source_; }
  /// The text for the server when no parameter is bound to a list: placeholders in place of names.
  const std::string& text() const noexcept { return text_; }
  /// A part of the source as the server reads it: each `\:` is a plain colon.
  std::string plain_text(std::size_t begin, std::size_t end) const;
  /// Parameter names without the colon, in order of first use.
  const std::vector<std::string>& names() const noexcept { return names_; }
  /// Every use, in order.
  const std::vector<ParameterUse>& uses() const noexcept { return uses_; }
  StatementKind kind() const noexcept { return kind_; }
  /// Statements in the text that are not empty (separated by `;`).
  std::size_t statement_count() const noexcept { return statement_count_; }
  /// The first word, in upper case: what an error message calls the statement.
  const std::string& verb() const noexcept { return verb_; }
  /// It may leave something behind in the session: SET, RESET, LISTEN, CREATE TEMP, DECLARE,
  /// PREPARE, LOAD, CALL, DO, advisory locks, set_config(…).
  bool touches_session() const noexcept { return touches_session_; }
  /// It has a GROUP BY or a DISTINCT, for which expressions must be the same, parameters included.
  bool matches_expressions() const noexcept { return matches_expressions_; }
  /// The statement with literals and numbers as `?`, white space and comments folded, cut at 240
  /// characters: what a log may show.
  const std::string& fingerprint() const noexcept { return fingerprint_; }

 private:
  friend class StatementScanner;
  std::string source_;
  std::string text_;
  std::string fingerprint_;
  std::string verb_;
  std::vector<std::string> names_;
  std::vector<ParameterUse> uses_;
  std::vector<std::size_t> escaped_colons_;  // where each `\:` begins
  StatementKind kind_ = StatementKind::empty;
  std::size_t statement_count_ = 0;
  bool touches_session_ = false;
  bool matches_expressions_ = false;
};

}  // namespace flowdb::sql
