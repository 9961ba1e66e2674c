#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/script.hpp"

namespace flowdb::migration::postgresql {

/// One entry of what PostgreSQL calls the context of an error.
struct Frame {
  std::string text;      ///< `PL/pgSQL function f(integer) line 3 at RAISE`
  std::string function;  ///< `f(integer)`; of a DO statement `inline_code_block`; of a COPY empty
  int line = 0;          ///< within the body or the COPY's data; 0: not known
};

/// The entries of ErrorFacts::context, the innermost first.
std::vector<Frame> parse_context(std::string_view context);

/// Offset in `script` of the first character that is not blank in line `line` of the body of the
/// DO or CREATE FUNCTION / PROCEDURE `statement`; nullopt when it has no such line. Lines are
/// counted as PL/pgSQL does: by `\n`, from 1, which is the one with the opening quote.
std::optional<std::size_t> body_line_offset(std::string_view script,
                                            const sql::ScriptStatement& statement, int line);

/// The statement of the script that creates the frame's function, the last of several; nullptr
/// when there is none. Overloaded functions are not told apart.
const sql::ScriptStatement* find_routine(std::string_view script,
                                         const std::vector<sql::ScriptStatement>& statements,
                                         const Frame& frame);

}  // namespace flowdb::migration::postgresql
