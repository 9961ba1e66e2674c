#include "backend/sqlserver/statement_words.hpp"

#include "sql/lexer.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// IMPLICIT_TRANSACTIONS is no statement, but switching it off takes a guard away: see
/// session_settings().
bool writes(const sql::Token& word) noexcept {
  return word.is_one_of("INSERT", "UPDATE", "DELETE", "TRUNCATE", "CREATE", "ALTER", "DROP",
                        "GRANT", "REVOKE", "DENY") ||
         word.is_one_of("WRITETEXT", "UPDATETEXT", "BACKUP", "RESTORE", "DUMP", "LOAD", "DBCC",
                        "KILL", "SHUTDOWN", "RECONFIGURE", "CHECKPOINT", "SETUSER",
                        "IMPLICIT_TRANSACTIONS");
}

class WordFinder {
 public:
  void add(const sql::Token& token) {
    look_behind(token);
    const bool is_name = previous_.is_symbol('.');
    if (token.kind == sql::TokenKind::word && !is_name) {
      look_at(token);
    }
    previous_ = token;
  }

  StatementWords words() const noexcept { return words_; }

 private:
  /// What only the next token decides.
  void look_behind(const sql::Token& token) {
    const bool is_hint = token.is_one_of("JOIN", "UNION");
    const bool is_variable = token.kind == sql::TokenKind::word && token.text.front() == '@';
    if ((previous_.is_word("MERGE") && !is_hint) || (previous_.is_word("INTO") && !is_variable)) {
      note(words_.write, previous_);
    }
    if (previous_.is_word("BEGIN") && token.is_one_of("TRAN", "TRANSACTION", "DISTRIBUTED")) {
      note(words_.transaction, previous_);
    }
  }

  void look_at(const sql::Token& word) {
    if (writes(word)) {
      note(words_.write, word);
    } else if (word.is_one_of("COMMIT", "ROLLBACK", "SAVE")) {
      note(words_.transaction, word);
    } else if (word.is_one_of("EXEC", "EXECUTE")) {
      words_.calls = true;
    }
  }

  static void note(std::string_view& place, const sql::Token& word) {
    place = place.empty() ? word.text : place;
  }

  StatementWords words_;
  sql::Token previous_;
};

/// A statement of these may be followed by nothing but what words_of() sees.
bool begins_plainly(const sql::ParsedStatement& statement) noexcept {
  const sql::Token verb{sql::TokenKind::word, 0, statement.verb()};
  return verb.is_one_of("SET", "DECLARE", "IF", "WHILE", "BEGIN", "WAITFOR", "PRINT", "RAISERROR",
                        "THROW", "USE", "RETURN") ||
         verb.is_one_of("OPEN", "FETCH", "CLOSE", "DEALLOCATE", "REVERT", "READTEXT");
}

}  // namespace

StatementWords words_of(const sql::ParsedStatement& statement) {
  sql::Lexer lexer{statement.source(), sql::sqlserver_dialect()};
  WordFinder finder;
  auto token = lexer.next();
  for (; token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::comment) {
      finder.add(token);
    }
  }
  finder.add(token);
  auto words = finder.words();
  // A procedure's name may stand first in a batch, without EXEC.
  words.calls = words.calls || (statement.kind() == sql::StatementKind::other &&
                                !begins_plainly(statement) && words.write.empty());
  return words;
}

bool leaves_traces(const sql::ParsedStatement& statement, const StatementWords& words) {
  return statement.touches_session() || words.calls || !words.transaction.empty();
}

}  // namespace flowdb::backend::sqlserver
