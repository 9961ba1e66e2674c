#include "migration/postgresql/routine_body.hpp"

#include <algorithm>
#include <charconv>

#include "migration/postgresql/identifier.hpp"
#include "sql/dialect.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::postgresql {

namespace {

constexpr std::string_view kFrameStart = "PL/pgSQL function ";
constexpr std::string_view kCopyStart = "COPY ";
constexpr std::string_view kCopyLineMark = ", line ";
constexpr std::string_view kFrameSeparator = "; ";
constexpr std::string_view kLineMark = " line ";

Frame parse_frame(std::string_view text) {
  Frame frame{std::string{text}, {}, 0};
  auto rest = text;
  if (rest.substr(0, kCopyStart.size()) == kCopyStart) {
    const auto mark = rest.rfind(kCopyLineMark);
    if (mark == std::string_view::npos) return frame;
    rest.remove_prefix(mark + kCopyLineMark.size());
    std::from_chars(rest.data(), rest.data() + rest.size(), frame.line);
    return frame;
  }
  if (rest.substr(0, kFrameStart.size()) != kFrameStart) return frame;
  rest.remove_prefix(kFrameStart.size());
  const auto mark = rest.rfind(kLineMark);
  frame.function = rest.substr(0, mark);
  if (mark == std::string_view::npos) return frame;
  rest.remove_prefix(mark + kLineMark.size());
  std::from_chars(rest.data(), rest.data() + rest.size(), frame.line);
  return frame;
}

/// What stands between the quotes of the statement's body: of its last dollar-quoted string, else
/// of its last string.
struct Body {
  std::size_t begin = 0;  // in the statement
  std::string_view text;
};

std::optional<Body> find_body(std::string_view statement) {
  std::optional<Body> body;
  bool is_dollar_quoted = false;
  sql::Lexer lexer{statement, sql::postgresql_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::string) continue;
    const bool dollar = token.text.front() == '$';
    if (is_dollar_quoted && !dollar) continue;
    is_dollar_quoted = dollar;
    const auto opening = dollar ? token.text.find('$', 1) + 1 : token.text.find('\'') + 1;
    const auto closing = dollar ? opening : 1;
    body = {token.begin + opening,
            token.text.substr(opening, token.text.size() - opening - closing)};
  }
  return body;
}

/// The name, without its schema, that a CREATE FUNCTION or PROCEDURE gives; empty for any other.
std::string created_routine(std::string_view statement) {
  sql::Lexer lexer{statement, sql::postgresql_dialect()};
  bool is_routine = false;
  sql::Token name;
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (is_routine && token.is_symbol('(')) return stored_name(name);
    if (!is_routine && !token.is_one_of("CREATE", "OR", "REPLACE", "FUNCTION", "PROCEDURE")) break;
    is_routine = is_routine || token.is_one_of("FUNCTION", "PROCEDURE");
    if (token.kind != sql::TokenKind::comment) name = token;
  }
  return {};
}

/// `"My schema".f(integer)` → `f`
std::string_view routine_name(std::string_view function) {
  auto name = function.substr(0, function.rfind('('));
  name.remove_prefix(name.rfind('.') + 1);
  if (name.size() > 1 && name.front() == '"') name = name.substr(1, name.size() - 2);
  return name;
}

}  // namespace

std::vector<Frame> parse_context(std::string_view context) {
  std::vector<Frame> frames;
  while (!context.empty()) {
    const auto end = std::min(context.find(kFrameSeparator), context.size());
    frames.push_back(parse_frame(context.substr(0, end)));
    context.remove_prefix(std::min(end + kFrameSeparator.size(), context.size()));
  }
  return frames;
}

std::optional<std::size_t> body_line_offset(std::string_view script,
                                            const sql::ScriptStatement& statement, int line) {
  const auto body = find_body(script.substr(statement.begin, statement.end - statement.begin));
  if (!body || line < 1) return std::nullopt;
  std::size_t offset = 0;
  for (int current = 1; current < line; ++current) {
    offset = body->text.find('\n', offset);
    if (offset == std::string_view::npos) return std::nullopt;
    ++offset;
  }
  offset = std::min(body->text.find_first_not_of(" \t", offset), body->text.size());
  return statement.begin + body->begin + offset;
}

const sql::ScriptStatement* find_routine(std::string_view script,
                                         const std::vector<sql::ScriptStatement>& statements,
                                         const Frame& frame) {
  const auto name = routine_name(frame.function);
  const auto found =
      std::find_if(statements.rbegin(), statements.rend(), [&](const auto& statement) {
        return statement.verb == "CREATE" &&
               created_routine(script.substr(statement.begin, statement.end - statement.begin)) ==
                   name;
      });
  return found == statements.rend() || name.empty() ? nullptr : &*found;
}

}  // namespace flowdb::migration::postgresql
