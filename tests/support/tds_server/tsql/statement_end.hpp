#pragma once

#include <cstddef>

#include "support/tds_server/tsql/lexer.hpp"

namespace flowdb::tds_server {

/// Where the statement that begins at `begin` ends: at its semicolon, at END or ELSE, at the word
/// that begins the next statement, or at the end.
std::size_t statement_end(const Lexemes& lexemes, std::size_t begin);

/// Where the condition of an IF or WHILE ends that begins at `begin`.
std::size_t condition_end(const Lexemes& lexemes, std::size_t begin);

/// The index of the `)` that closes the `(` at `opening`. Throws SqlError 102 when there is none.
std::size_t closing_parenthesis(const Lexemes& lexemes, std::size_t opening);

}  // namespace flowdb::tds_server
