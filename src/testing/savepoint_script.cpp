#include "testing/savepoint_script.hpp"

#include "sql/lexer.hpp"
#include "sql/script.hpp"

namespace flowdb::testing {
namespace {

std::optional<SavepointCommand> parse_command(std::string_view statement, std::string_view verb) {
  bool has_to = false;
  std::string name;
  sql::Lexer lexer{statement, sql::postgresql_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::comment) {
      has_to = has_to || token.is_word("TO");
      name = token.text;
    }
  }
  if (verb == "SAVEPOINT") {
    return SavepointCommand{SavepointCommand::Action::set, name};
  }
  if (verb == "RELEASE") {
    return SavepointCommand{SavepointCommand::Action::release, name};
  }
  if (verb == "ROLLBACK" && has_to) {
    return SavepointCommand{SavepointCommand::Action::roll_back_to, name};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<SavepointCommand>> parse_savepoint_script(std::string_view text) {
  std::vector<SavepointCommand> commands;
  for (const auto& part : sql::split_script(text, sql::postgresql_dialect())) {
    auto command = parse_command(text.substr(part.begin, part.end - part.begin), part.verb);
    if (!command) {
      return std::nullopt;
    }
    commands.push_back(*std::move(command));
  }
  return commands;
}

}  // namespace flowdb::testing
