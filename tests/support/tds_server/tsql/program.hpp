#pragma once

#include <string_view>
#include <vector>

#include "support/tds_server/tsql/lexer.hpp"

namespace flowdb::tds_server {

enum class NodeKind {
  simple,     ///< one statement: `lexemes`
  block,      ///< BEGIN … END: `body`
  condition,  ///< IF `lexemes` `body` ELSE `otherwise`
  loop,       ///< WHILE `lexemes` `body`
  guarded,    ///< BEGIN TRY `body` END TRY BEGIN CATCH `otherwise` END CATCH
};

struct Node {
  NodeKind kind = NodeKind::simple;
  /// Ends with LexemeKind::end; views into the batch's text.
  Lexemes lexemes{};
  std::vector<Node> body{};
  std::vector<Node> otherwise{};
};

/// A batch as its statements. T-SQL needs no semicolons: a statement ends where a word begins the
/// next one. Throws SqlError 102 when the structure is wrong.
std::vector<Node> parse_program(std::string_view text);

/// SQL Server's `Incorrect syntax near`.
[[noreturn]] void fail_near(const Lexeme& lexeme);

}  // namespace flowdb::tds_server
