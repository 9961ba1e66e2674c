#include "migration/postgresql/statement_rule.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "core/ascii.hpp"
#include "sql/dialect.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::postgresql {

namespace {

/// The words of a statement in upper case, without what stands in parentheses; names in quotes and
/// the like count as an empty word.
class Words {
 public:
  explicit Words(std::string_view statement) {
    sql::Lexer lexer{statement, sql::postgresql_dialect()};
    std::size_t depth = 0;
    for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (token.is_symbol('(')) ++depth;
      if (token.kind != sql::TokenKind::comment && depth == 0) {
        const bool is_word = token.kind == sql::TokenKind::word;
        words_.push_back(is_word ? to_upper(token.text) : std::string{});
      }
      if (depth > 0 && token.is_word("CONCURRENTLY")) has_concurrent_option_ = true;
      if (token.is_symbol(')') && depth > 0) --depth;
    }
  }

  template <typename... Choices>
  bool is(std::size_t index, Choices... choices) const {
    return index < words_.size() && ((words_[index] == choices) || ...);
  }
  bool has(std::string_view word) const {
    return std::find(words_.begin(), words_.end(), word) != words_.end();
  }
  bool has_pair(std::string_view first, std::string_view second) const {
    const std::string_view pair[] = {first, second};
    return std::search(words_.begin(), words_.end(), std::begin(pair), std::end(pair)) !=
           words_.end();
  }
  std::size_t size() const noexcept { return words_.size(); }
  /// REINDEX (CONCURRENTLY) …
  bool has_concurrent_option() const noexcept { return has_concurrent_option_; }

 private:
  std::vector<std::string> words_;
  bool has_concurrent_option_ = false;
};

bool creates_or_drops_cluster_object(const Words& words) {
  return words.is(1, "DATABASE", "TABLESPACE", "SUBSCRIPTION");
}

/// https://www.postgresql.org/docs/15/sql-createindex.html and the pages of the other statements:
/// "cannot be executed inside a transaction block".
bool is_non_transactional(const std::string& verb, const Words& words) {
  if (verb == "VACUUM") return true;
  if (verb == "CREATE") {
    const std::size_t index = words.is(1, "UNIQUE") ? 2 : 1;
    return creates_or_drops_cluster_object(words) ||
           (words.is(index, "INDEX") && words.is(index + 1, "CONCURRENTLY"));
  }
  if (verb == "DROP") {
    return creates_or_drops_cluster_object(words) ||
           (words.is(1, "INDEX") && words.is(2, "CONCURRENTLY"));
  }
  if (verb == "ALTER") {
    return words.is(1, "SYSTEM") ||
           (words.is(1, "DATABASE") && words.has_pair("SET", "TABLESPACE")) ||
           (words.is(1, "TABLE") && words.has_pair("DETACH", "PARTITION") &&
            words.is(words.size() - 1, "CONCURRENTLY"));
  }
  if (verb == "REINDEX") {
    return words.is(1, "SCHEMA", "DATABASE", "SYSTEM") || words.has("CONCURRENTLY") ||
           words.has_concurrent_option();
  }
  if (verb == "CLUSTER") return words.size() == 1 || (words.size() == 2 && words.is(1, "VERBOSE"));
  return verb == "DISCARD" && words.is(1, "ALL");
}

bool is_savepoint_statement(const std::string& verb, const Words& words) {
  return verb == "SAVEPOINT" || verb == "RELEASE" || (verb == "ROLLBACK" && words.has("TO"));
}

}  // namespace

StatementRule rule_of(std::string_view script, const sql::ScriptStatement& statement) {
  const auto text = script.substr(statement.begin, statement.end - statement.begin);
  if (statement.is_client_command()) return StatementRule::client_command;
  const auto& verb = statement.verb;
  if (statement.kind == sql::StatementKind::transaction) {
    return is_savepoint_statement(verb, Words{text}) ? StatementRule::transactional
                                                     : StatementRule::transaction_control;
  }
  if ((verb == "SET" || verb == "RESET") && !Words{text}.is(1, "LOCAL", "CONSTRAINTS")) {
    return StatementRule::session;
  }
  if (statement.kind == sql::StatementKind::copy) {
    const Words words{text};
    return words.has_pair("TO", "STDOUT") || words.has_pair("TO", "STDIN")
               ? StatementRule::client_copy
               : StatementRule::transactional;
  }
  const bool may_be = statement.kind == sql::StatementKind::definition ||
                      statement.kind == sql::StatementKind::other;
  return may_be && is_non_transactional(verb, Words{text}) ? StatementRule::non_transactional
                                                           : StatementRule::transactional;
}

}  // namespace flowdb::migration::postgresql
