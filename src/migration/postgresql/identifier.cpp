#include "migration/postgresql/identifier.hpp"

#include <algorithm>
#include <vector>

#include "sql/dialect.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::postgresql {

std::string stored_name(const sql::Token& token) {
  std::string name;
  if (token.kind == sql::TokenKind::quoted_identifier) {
    const auto inside = token.text.substr(1, token.text.size() - 2);
    for (std::size_t index = 0; index < inside.size(); ++index) {
      name += inside[index];
      if (inside[index] == '"') ++index;  // a quote within is written twice
    }
    return name;
  }
  name = token.text;
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

namespace {

/// Where identifiers of that name begin, two of them at most.
std::vector<std::size_t> find_two(std::string_view statement, std::string_view name) {
  std::vector<std::size_t> found;
  sql::Lexer lexer{statement, sql::postgresql_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end && found.size() < 2;
       token = lexer.next()) {
    const bool is_identifier =
        token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
    if (is_identifier && stored_name(token) == name) found.push_back(token.begin);
  }
  return found;
}

}  // namespace

bool has_identifier(std::string_view statement, std::string_view name) {
  return !find_two(statement, name).empty();
}

std::optional<std::size_t> find_identifier(std::string_view statement, std::string_view name) {
  const auto found = find_two(statement, name);
  return found.size() == 1 ? std::optional{found.front()} : std::nullopt;
}

}  // namespace flowdb::migration::postgresql
