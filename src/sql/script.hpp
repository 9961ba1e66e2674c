#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sql/dialect.hpp"
#include "sql/statement_kind.hpp"
#include "sql/text_position.hpp"

namespace flowdb::sql {

/// One statement of a script: [begin, end) in the script's text, from its first word to its last
/// token, without the comments around it and without its `;`.
struct ScriptStatement {
  std::size_t begin = 0;
  std::size_t end = 0;
  Position position;  ///< of begin
  StatementKind kind = StatementKind::empty;
  std::string verb;             ///< the first word, in upper case
  std::size_t repetitions = 1;  ///< how often it is to be run: `GO 5` behind a batch of SQL Server
};

/// The statements of a script, in order, empty ones left out. `:name` means nothing here: a script
/// is sent as it stands.
/// \throws LexicalError with the offset of what cannot be taken apart.
std::vector<ScriptStatement> split_script(std::string_view text, const Dialect& dialect);

}  // namespace flowdb::sql
