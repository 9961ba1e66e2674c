#include "support/tds_server/tsql/statement_end.hpp"

#include "support/tds_server/tsql/program.hpp"

namespace flowdb::tds_server {
namespace {

bool is_tran(const Lexeme& lexeme) {
  return lexeme.is_any("TRAN", "TRANSACTION");
}

/// Words that begin a statement wherever they stand, but for the cases below.
bool may_begin_statement(const Lexemes& lexemes, std::size_t at) {
  const Lexeme& word = lexemes[at];
  if (word.is("SAVE")) return is_tran(lexemes[at + 1]);
  return word.is_any("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "SET", "IF", "BEGIN",
                     "COMMIT", "ROLLBACK", "DECLARE", "EXEC", "EXECUTE", "WAITFOR", "RAISERROR",
                     "THROW", "PRINT", "CREATE", "DROP", "ALTER", "TRUNCATE", "USE", "WHILE",
                     "RETURN", "KILL");
}

bool is_query_word(const Lexeme& word) {
  return word.is_any("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE");
}

/// Follows one statement and knows which of those words belong to it.
class StatementWalk {
 public:
  explicit StatementWalk(const Lexeme& first)
      : first_{first}, verb_seen_{!first.is("WITH")}, source_seen_{!first.is("INSERT")} {}

  bool continues_with(const Lexemes& lexemes, std::size_t at) {
    const Lexeme& word = lexemes[at];
    const Lexeme& before = lexemes[at - 1];
    if (before.is_symbol(".") || before.is_any("AS")) return true;
    if (first_.is("MERGE")) return true;  // which must end with a semicolon
    if (before.is_any("UNION", "ALL", "EXCEPT", "INTERSECT")) return true;
    if (before.is("ON") && word.is_any("DELETE", "UPDATE")) return true;
    if (first_.is("ALTER") && word.is_any("DROP", "ALTER", "SET")) return true;
    if (first_.is_any("CREATE", "ALTER") && before.is_any("DELETE", "UPDATE")) return true;
    if (first_.is_any("DROP", "ALTER", "CREATE") && word.is("IF")) return true;
    if (first_.is("UPDATE") && word.is("SET") && !set_seen_) return set_seen_ = true;
    if (!verb_seen_ && is_query_word(word)) {
      verb_seen_ = true;
      source_seen_ = !word.is("INSERT");
      if (word.is("UPDATE")) first_ = word;
      return true;
    }
    if (!source_seen_ && word.is_any("SELECT", "EXEC", "EXECUTE")) return source_seen_ = true;
    if (word.is("VALUES")) source_seen_ = true;
    return false;
  }

  void note(const Lexeme& word) {
    if (word.is("VALUES")) source_seen_ = true;
  }

 private:
  Lexeme first_;
  bool verb_seen_;
  bool source_seen_;
  bool set_seen_ = false;
};

}  // namespace

std::size_t closing_parenthesis(const Lexemes& lexemes, std::size_t opening) {
  std::size_t depth = 0;
  for (std::size_t at = opening; lexemes[at].kind != LexemeKind::end; ++at) {
    if (lexemes[at].is_symbol("(")) ++depth;
    if (lexemes[at].is_symbol(")") && --depth == 0) return at;
  }
  fail_near(lexemes[opening]);
}

std::size_t statement_end(const Lexemes& lexemes, std::size_t begin) {
  StatementWalk walk{lexemes[begin]};
  std::size_t cases = 0;
  for (std::size_t at = begin + 1; lexemes[at].kind != LexemeKind::end; ++at) {
    const Lexeme& lexeme = lexemes[at];
    if (lexeme.is_symbol("(")) {
      at = closing_parenthesis(lexemes, at);
    } else if (lexeme.is_symbol(";")) {
      return at;
    } else if (lexeme.is("CASE")) {
      ++cases;
    } else if (lexeme.is("END") && cases > 0) {
      --cases;
    } else if (cases == 0 && lexeme.is_any("END", "ELSE")) {
      return at;
    } else if (cases == 0 && may_begin_statement(lexemes, at) &&
               !walk.continues_with(lexemes, at)) {
      return at;
    }
    walk.note(lexeme);
  }
  return lexemes.size() - 1;
}

std::size_t condition_end(const Lexemes& lexemes, std::size_t begin) {
  std::size_t cases = 0;
  for (std::size_t at = begin; lexemes[at].kind != LexemeKind::end; ++at) {
    const Lexeme& lexeme = lexemes[at];
    if (lexeme.is_symbol("(")) {
      at = closing_parenthesis(lexemes, at);
    } else if (lexeme.is("CASE")) {
      ++cases;
    } else if (lexeme.is("END") && cases > 0) {
      --cases;
    } else if (at > begin && (may_begin_statement(lexemes, at) || lexeme.is("WITH"))) {
      return at;
    }
  }
  fail_near(lexemes.back());
}

}  // namespace flowdb::tds_server
