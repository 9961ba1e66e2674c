#include "migration/sqlserver/failure.hpp"

#include <algorithm>
#include <string>

#include "core/ascii.hpp"
#include "sql/lexer.hpp"
#include "sql/text_position.hpp"

namespace flowdb::migration::sqlserver {

namespace {

/// `[a]]b]` → `a]b`
std::string stored_name(const sql::Token& token) {
  if (token.kind != sql::TokenKind::quoted_identifier) return std::string{token.text};
  const char closing = token.text.back();
  std::string name;
  const auto inside = token.text.substr(1, token.text.size() - 2);
  for (std::size_t index = 0; index < inside.size(); ++index) {
    name += inside[index];
    if (inside[index] == closing) ++index;  // written twice
  }
  return name;
}

/// What stands in the first single quotes, or after `near`; the last part of a name of several.
std::string_view quoted_name(std::string_view message) {
  const auto opening = message.find('\'');
  if (opening == std::string_view::npos) return {};
  auto name = message.substr(opening + 1);
  name = name.substr(0, name.find('\''));
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::size_t first_code(std::string_view batch) {
  sql::Lexer lexer{batch, sql::sqlserver_dialect()};
  auto token = lexer.next();
  while (token.kind == sql::TokenKind::comment) token = lexer.next();
  return token.begin;
}

/// Where the line [begin, end) of the batch has the only word or identifier of that name.
std::size_t find_name(std::string_view batch, std::size_t begin, std::size_t end,
                      std::string_view name) {
  auto found = std::string_view::npos;
  sql::Lexer lexer{batch, sql::sqlserver_dialect()};
  const auto wanted = to_lower(name);
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end && token.begin < end;
       token = lexer.next()) {
    const bool is_name =
        token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
    if (token.begin < begin || !is_name || to_lower(stored_name(token)) != wanted) continue;
    if (found != std::string_view::npos) return std::string_view::npos;
    found = token.begin;
  }
  return found;
}

}  // namespace

std::size_t failure_offset(std::string_view script, const sql::ScriptStatement& batch,
                           const ErrorFacts& facts) {
  const auto text = script.substr(batch.begin, batch.end - batch.begin);
  if (facts.statement_position <= 0) return batch.begin + first_code(text);
  const auto position =
      sql::byte_of_character(text, static_cast<std::size_t>(facts.statement_position));
  const auto line_break =
      position == 0 ? std::string_view::npos : text.find_last_of("\r\n", position - 1);
  const auto begin = line_break == std::string_view::npos ? 0 : line_break + 1;
  const auto end = std::min(text.find_first_of("\r\n", begin), text.size());
  const auto name = quoted_name(facts.server_message);
  const auto place = name.empty() ? std::string_view::npos : find_name(text, begin, end, name);
  if (place != std::string_view::npos) return batch.begin + place;
  const auto code = text.find_first_not_of(" \t", begin);
  return batch.begin + std::max(position, std::min(code, end));
}

}  // namespace flowdb::migration::sqlserver
