#include "sql/transaction_effect.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "sql/lexer.hpp"

namespace flowdb::sql {
namespace {

/// Statements without a kind of their own that do nothing but what they say. (SQL Server's batches
/// may begin with any of them and go on.)
bool is_simple(std::string_view verb) noexcept {
  static constexpr std::array<std::string_view, 17> kSimple{
      "SET",        "RESET", "LISTEN",  "UNLISTEN", "NOTIFY",    "PREPARE",
      "DEALLOCATE", "LOAD",  "LOCK",    "DISCARD",  "DECLARE",   "FETCH",
      "MOVE",       "CLOSE", "ANALYZE", "REFRESH",  "CHECKPOINT"};
  return std::find(kSimple.begin(), kSimple.end(), verb) != kSimple.end();
}

template <class Test>
bool has_token(const ParsedStatement& statement, const Dialect& dialect, const Test& test) {
  Lexer lexer{statement.source(), dialect};
  for (auto token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (test(token)) {
      return true;
    }
  }
  return false;
}

/// A setting that decides whether transactions may write. A name with escapes (U&"…") may be one.
bool names_read_only_setting(const Token& token) {
  auto name = token.text;
  if (token.kind == TokenKind::quoted_identifier) {
    if (name.front() != '"') {
      return true;
    }
    name = name.substr(1, name.size() - 2);
  }
  return equals_keyword(name, "DEFAULT_TRANSACTION_READ_ONLY") ||
         equals_keyword(name, "TRANSACTION_READ_ONLY");
}

Token next_word(Lexer& lexer) {
  auto token = lexer.next();
  while (token.kind == TokenKind::comment) {
    token = lexer.next();
  }
  return token;
}

}  // namespace

bool may_commit(const ParsedStatement& statement, const Dialect& dialect) {
  if (dialect.statement_blocks) {
    return statement.kind() == StatementKind::other ||
           has_token(statement, dialect, [](const Token& token) {
             return token.is_one_of("EXEC", "EXECUTE", "COMMIT");
           });
  }
  if (statement.kind() == StatementKind::definition) {
    return has_token(statement, dialect,
                     [](const Token& token) { return token.is_word("CONCURRENTLY"); });
  }
  return statement.kind() == StatementKind::other && !is_simple(statement.verb());
}

bool lifts_read_only(const ParsedStatement& statement) {
  if (statement.verb() != "SET" && statement.verb() != "RESET") {
    return false;
  }
  const auto dialect = postgresql_dialect();
  Lexer lexer{statement.source(), dialect};
  while (lexer.next().kind != TokenKind::word) {  // before the verb: comments and `;`
  }
  auto name = next_word(lexer);
  if (statement.verb() == "RESET") {
    return name.is_word("ALL") || names_read_only_setting(name);
  }
  while (name.is_one_of("SESSION", "LOCAL")) {
    name = next_word(lexer);
  }
  if (name.is_one_of("TRANSACTION", "CHARACTERISTICS")) {
    return has_token(statement, dialect, [](const Token& token) { return token.is_word("WRITE"); });
  }
  return names_read_only_setting(name);
}

}  // namespace flowdb::sql
