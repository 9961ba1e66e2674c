#pragma once

#include <string_view>
#include <vector>

#include "sql/script.hpp"

namespace flowdb::sql {

/// The batches of a T-SQL script, in order. A line that holds nothing but GO (in any case), perhaps
/// a number, and comments ends a batch; in a string, a quoted name or a comment it is text as any
/// other. `GO 5` runs the batch before it five times. A batch begins and ends with its first and
/// last token, comments included, since a procedure's stored text has them; batches of nothing but
/// comments are left out. `verb` is the first word, `kind` is not looked into.
/// \throws LexicalError for text that cannot be taken apart, a GO with a `;` or a count that is
/// none.
std::vector<ScriptStatement> split_batches(std::string_view text);

}  // namespace flowdb::sql
