#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.hpp"
#include "sql/statement_kind.hpp"
#include "sql/text_position.hpp"

namespace flowdb::sql {

/// The bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const TextRange&, const TextRange&) = default;
};

/// One statement of a script: [begin, end) in the script's text, from its first word to its last
/// token, without the comments around it and without its `;`. Or a command of psql's, which is for
/// others to refuse: from its backslash to the end of the line.
struct ScriptStatement {
  std::size_t begin = 0;
  std::size_t end = 0;
  Position position;  ///< of begin
  StatementKind kind = StatementKind::empty;
  std::string verb;             ///< the first word, in upper case; a command of psql's as it is
  std::size_t repetitions = 1;  ///< how often it is to be run: `GO 5` behind a batch of SQL Server
  /// PostgreSQL: the lines between a COPY … FROM STDIN and its `\.`.
  std::optional<TextRange> copy_data = {};

  bool is_client_command() const noexcept { return !verb.empty() && verb.front() == '\\'; }
};

/// The statements of a script, in order, empty ones left out, divided as psql does. `:name` means
/// nothing here: a script is sent as it stands. The `\restrict` and `\unrestrict` that pg_dump
/// writes are left out; they forbid psql what is not done here anyway. \throws LexicalError with
/// the offset of what cannot be taken apart: a literal or a comment without an end, the data of a
/// COPY … FROM STDIN without the line `\.`.
std::vector<ScriptStatement> split_script(std::string_view text, const Dialect& dialect);

}  // namespace flowdb::sql
