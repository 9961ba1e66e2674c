#include "migration/lint/alter_commands.hpp"

#include "sql/dialect.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::lint {

namespace {

using sql::Token;
using sql::TokenKind;

bool is_name(const Token& token) {
  return token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier;
}

/// Behind the table's name, which begins at `location`: `a . b`, `"a" *`, `ONLY (a)`.
Token first_behind_name(sql::Lexer& lexer, std::size_t location) {
  lexer.skip_to(location);
  Token previous;
  for (auto token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind == TokenKind::comment) continue;
    const bool is_part =
        token.is_symbol('.') || token.is_symbol('*') || token.is_symbol(')') ||
        (is_name(token) && (previous.kind == TokenKind::end || previous.is_symbol('.')));
    if (!is_part) return token;
    previous = token;
  }
  return {TokenKind::end, location, {}};
}

std::vector<std::size_t> command_offsets(std::string_view text, std::size_t relation) {
  sql::Lexer lexer{text, sql::postgresql_dialect()};
  std::vector<std::size_t> offsets;
  std::size_t depth = 0;
  bool begins = true;
  for (auto token = first_behind_name(lexer, relation); token.kind != TokenKind::end;
       token = lexer.next()) {
    if (token.kind == TokenKind::comment) continue;
    if (begins) offsets.push_back(token.begin);
    begins = depth == 0 && token.is_symbol(',');
    if (token.is_symbol('(') || token.is_symbol('[')) ++depth;
    if ((token.is_symbol(')') || token.is_symbol(']')) && depth > 0) --depth;
  }
  return offsets;
}

}  // namespace

std::vector<AlterCommand> alter_commands(const Subject& subject) {
  std::vector<AlterCommand> commands;
  if (subject.kind != "AlterTableStmt" || !subject.node["objtype"].is("OBJECT_TABLE"))
    return commands;
  const auto offsets = command_offsets(subject.text, subject.node["relation"].location());
  const auto nodes = subject.node["cmds"].entries();
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    commands.push_back({nodes[index].inside(), index < offsets.size() ? offsets[index] : 0});
  }
  return commands;
}

}  // namespace flowdb::migration::lint
