#include "migration/sqlserver/batch_rules.hpp"

#include <cstddef>
#include <set>
#include <string>

#include "core/ascii.hpp"
#include "migration/objections.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::sqlserver {

namespace {

using sql::Token;
using sql::TokenKind;

/// The batch's tokens without comments and what stands in parentheses.
std::vector<Token> outer_tokens(std::string_view batch) {
  std::vector<Token> tokens;
  std::size_t depth = 0;
  sql::Lexer lexer{batch, sql::sqlserver_dialect()};
  for (auto token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.is_symbol(')') && depth > 0) --depth;
    if (token.kind != TokenKind::comment && depth == 0) tokens.push_back(token);
    if (token.is_symbol('(')) ++depth;
  }
  return tokens;
}

class BatchRules {
 public:
  BatchRules(std::string_view batch, std::size_t begin, std::set<std::string>& savepoints,
             std::vector<Objection>& found)
      : batch_(batch),
        begin_(begin),
        tokens_(outer_tokens(batch)),
        savepoints_(savepoints),
        found_(found) {}

  void check() {
    if (is_routine()) return;
    for (index_ = 0; index_ < tokens_.size(); ++index_) {
      if (at(0).is_one_of("GRANT", "DENY", "REVOKE") && !before().is_word("WITH")) {
        skip_privileges();
      } else {
        check_client_command();
        check_transaction_control();
        check_non_transactional();
        if (at(0).is_word("USE")) {
          object(
              "USE has no place here: the migrations' connection is to one database, whose "
              "history and lock they use; name the other in the statement, or remove it.");
        }
      }
    }
  }

 private:
  static const Token& none() {
    static const Token token;
    return token;
  }
  const Token& at(std::size_t distance) const {
    return index_ + distance < tokens_.size() ? tokens_[index_ + distance] : none();
  }
  const Token& before() const { return index_ > 0 ? tokens_[index_ - 1] : none(); }

  /// CREATE [OR ALTER] or ALTER of what has a body, which is the rest of the batch.
  bool is_routine() {
    index_ = 0;
    if (!at(0).is_one_of("CREATE", "ALTER")) return false;
    while (at(0).is_one_of("CREATE", "OR", "ALTER")) ++index_;
    return at(0).is_one_of("PROC", "PROCEDURE", "FUNCTION", "TRIGGER");
  }

  /// GRANT BACKUP DATABASE … TO: privileges are called as statements are.
  void skip_privileges() {
    while (index_ < tokens_.size() && !at(1).is_one_of("ON", "TO", "FROM") &&
           !at(1).is_symbol(';')) {
      ++index_;
    }
  }

  void check_transaction_control() {
    if (at(0).is_word("BEGIN") && at(1).is_one_of("TRAN", "TRANSACTION", "DISTRIBUTED")) {
      object(transaction_control_objection("BEGIN TRANSACTION"));
    } else if (at(0).is_word("COMMIT")) {
      object(transaction_control_objection("COMMIT"));
    } else if (at(0).is_word("SAVE") && at(1).is_one_of("TRAN", "TRANSACTION")) {
      savepoints_.insert(to_lower(at(2).text));
    } else if (at(0).is_word("ROLLBACK") && !before().is_word("WITH")) {
      const bool is_named = at(1).is_one_of("TRAN", "TRANSACTION");
      if (is_named && savepoints_.count(to_lower(at(2).text)) > 0) return;
      object(transaction_control_objection("ROLLBACK"));
    }
  }

  /// https://learn.microsoft.com/sql/t-sql/language-elements/transactions-sql-data-warehouse and
  /// the statements' own pages: "not allowed in an explicit transaction".
  void check_non_transactional() {
    const auto refuse = [this](std::size_t words) {
      std::string name;
      for (std::size_t word = 0; word < words; ++word) {
        name += (word == 0 ? "" : " ") + to_upper(at(word).text);
      }
      object(non_transactional_objection(name, "run it"));
    };
    if (at(0).is_one_of("CREATE", "ALTER", "DROP")) {
      const bool is_part_of_one = at(2).is_one_of("AUDIT", "ENCRYPTION", "SCOPED");
      if (at(1).is_word("DATABASE") && !is_part_of_one) refuse(2);
      if (at(1).is_word("FULLTEXT") && at(2).is_one_of("CATALOG", "INDEX")) refuse(3);
    } else if (at(0).is_one_of("BACKUP", "RESTORE")) {
      if (at(1).is_one_of("DATABASE", "LOG")) refuse(2);
    } else if (at(0).is_one_of("RECONFIGURE", "KILL")) {
      refuse(1);
    }
  }

  /// `:setvar name value`; a colon has no other use at the start of a line.
  void check_client_command() {
    if (at(0).kind != TokenKind::parameter) return;
    const auto line_break = batch_.substr(0, at(0).begin).find_last_not_of(" \t");
    if (line_break != std::string_view::npos && !is_line_end(batch_[line_break])) return;
    object(
        "a command that begins with a colon is sqlcmd's, the server does not know it; write it "
        "as SQL.");
  }

  void object(std::string text) { found_.push_back({begin_ + at(0).begin, std::move(text)}); }

  std::string_view batch_;
  std::size_t begin_;
  std::vector<Token> tokens_;
  std::set<std::string>& savepoints_;
  std::vector<Objection>& found_;
  std::size_t index_ = 0;
};

}  // namespace

std::vector<Objection> objections_to(std::string_view script,
                                     const std::vector<sql::ScriptStatement>& batches) {
  std::vector<Objection> found;
  std::set<std::string> savepoints;
  for (const auto& batch : batches) {
    const auto text = script.substr(batch.begin, batch.end - batch.begin);
    BatchRules{text, batch.begin, savepoints, found}.check();
  }
  return found;
}

}  // namespace flowdb::migration::sqlserver
