#include "migration/lint/ignore_comments.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::lint {

namespace {

/// The longer ones first.
constexpr std::array<std::string_view, 2> kForScript{"squawk-ignore-file", "flowdb-ignore-file"};
constexpr std::array<std::string_view, 2> kForStatement{"squawk-ignore", "flowdb-ignore"};

/// Without `--` or `/*` and `*/`.
std::string_view body_of(std::string_view comment) {
  const bool is_block = comment.substr(0, 2) == "/*";
  comment.remove_prefix(2);
  if (is_block) comment.remove_suffix(2);
  return trim(comment);
}

/// What stands behind one of the words; nullopt when the comment does not begin with any of them.
template <std::size_t Count>
std::optional<std::string_view> behind(std::string_view body,
                                       const std::array<std::string_view, Count>& words) {
  for (const auto word : words) {
    if (body.substr(0, word.size()) != word) continue;
    const auto rest = body.substr(word.size());
    if (rest.empty() || is_space(rest.front()) || rest.front() == ':') return rest;
  }
  return std::nullopt;
}

void read_names(std::string_view names, IgnoreComment& comment) {
  if (!names.empty() && names.front() == ':') names.remove_prefix(1);
  names = trim(names.substr(0, names.find("--")));  // a reason may follow
  comment.silences_all = names.empty();
  while (!names.empty()) {
    const auto end = std::min(names.find_first_of(", \t\r\n"), names.size());
    const auto name = names.substr(0, end);
    if (const auto rule = find_rule(name)) {
      comment.rules.push_back(*rule);
    } else if (!name.empty()) {
      comment.unknown_names.emplace_back(name);
    }
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

/// Goes through what lies between the statements, and through them.
class Finder {
 public:
  Finder(std::string_view script, const std::vector<sql::ScriptStatement>& statements)
      : script_(script), statements_(statements) {}

  std::vector<IgnoreComment> run() && {
    std::size_t behind = 0;
    for (std::size_t index = 0; index < statements_.size(); ++index) {
      const auto& statement = statements_[index];
      scan_between(behind, statement.begin, index);
      behind = statement.end;
      if (!statement.is_client_command()) scan(statement.begin, behind, index);
      if (!statement.copy_data) continue;
      scan(behind, statement.copy_data->begin, index);
      behind = statement.copy_data->end;
    }
    scan_between(behind, script_.size(), statements_.size());
    return std::move(found_);
  }

 private:
  /// What stands on the last line of the statement before `next` is that one's.
  void scan_between(std::size_t begin, std::size_t end, std::size_t next) {
    const auto line_end = std::min(script_.find_first_of("\r\n", begin), end);
    const bool has_one_before = next > 0 && !statements_[next - 1].copy_data;
    scan(begin, line_end, has_one_before ? next - 1 : next);
    scan(line_end, end, next);
  }

  void scan(std::size_t begin, std::size_t end, std::size_t statement) {
    sql::Lexer lexer{script_.substr(0, end), sql::postgresql_dialect()};
    lexer.skip_to(begin);
    for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (token.kind == sql::TokenKind::comment) add(token, statement);
      if (token.is_symbol('\\')) {  // \restrict, or the end of a COPY's data
        lexer.skip_to(std::min(script_.find_first_of("\r\n", token.begin), end));
      }
    }
  }

  void add(const sql::Token& token, std::size_t statement) {
    const auto body = body_of(token.text);
    IgnoreComment comment;
    comment.offset = token.begin;
    if (const auto names = behind(body, kForScript)) {
      read_names(*names, comment);
    } else if (const auto of_statement = behind(body, kForStatement)) {
      read_names(*of_statement, comment);
      comment.statement = statement;
    } else {
      return;
    }
    found_.push_back(std::move(comment));
  }

  std::string_view script_;
  const std::vector<sql::ScriptStatement>& statements_;
  std::vector<IgnoreComment> found_;
};

}  // namespace

bool IgnoreComment::silences(Rule rule, std::size_t statement_index) const {
  if (statement && *statement != statement_index) return false;
  return silences_all || std::find(rules.begin(), rules.end(), rule) != rules.end();
}

std::vector<IgnoreComment> find_ignore_comments(
    std::string_view script, const std::vector<sql::ScriptStatement>& statements) {
  return Finder{script, statements}.run();
}

}  // namespace flowdb::migration::lint
