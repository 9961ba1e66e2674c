#include "support/tds_server/tsql/rewriter.hpp"

#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/statement_end.hpp"

namespace flowdb::tds_server {
namespace {

bool is_set_operator(const Lexeme& word) {
  return word.is_any("UNION", "EXCEPT", "INTERSECT");
}

std::string text_literal(const std::string& value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'') quoted.push_back('\'');
    quoted.push_back(c);
  }
  return quoted + '\'';
}

}  // namespace

void Rewriter::put(std::string_view text) {
  if (!out_.empty()) out_.push_back(' ');
  out_ += text;
}

void Rewriter::refuse(const std::string& what) const {
  throw SqlError{
      40517,
      "Keyword or statement option '" + what + "' is not supported in this version of SQL Server.",
      16, ErrorScope::batch};
}

Rewritten Rewriter::statement() {
  const Lexeme& verb = at(0);
  std::size_t begin = 0;
  if (verb.is("WITH")) {
    begin = find_word(1, last(), {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"});
    range(0, begin);
  }
  if (at(begin).is("SELECT") || at(begin).is_symbol("(")) {
    query(begin, last(), true);
  } else if (at(begin).is("INSERT")) {
    insert(begin);
  } else if (at(begin).is("UPDATE")) {
    update(begin);
  } else if (at(begin).is("DELETE")) {
    remove(begin);
  } else if (at(begin).is("MERGE")) {
    merge(begin);
  } else if (verb.is("CREATE")) {
    create();
  } else if (verb.is("ALTER")) {
    alter_table();
  } else if (verb.is("DROP")) {
    drop();
  } else if (verb.is("TRUNCATE")) {
    range(0, last());
  } else {
    fail_near(verb);
  }
  result_.sql = std::move(out_);
  return std::move(result_);
}

Rewritten Rewriter::expression() {
  put("SELECT");
  if (!typed_item(0, last())) range(0, last());
  result_.sql = std::move(out_);
  return std::move(result_);
}

Rewritten Rewriter::condition() {
  put("SELECT CASE WHEN");
  range(0, last());
  put("THEN 1 ELSE 0 END");
  result_.sql = std::move(out_);
  return std::move(result_);
}

/// A query's level: what TOP and locking hints add stands at its end.
void Rewriter::query(std::size_t begin, std::size_t end, bool outermost) {
  Tail tail;
  for (std::size_t index = begin; index < end;) {
    if (at(index).is("SELECT")) {
      index = select_head(index + 1, end, outermost, tail);
    } else {
      index = query_piece(index, end, tail);
    }
  }
  out_ += tail.limit;
  out_ += tail.locking;
}

std::size_t Rewriter::query_piece(std::size_t index, std::size_t end, Tail& tail) {
  if (is_set_operator(at(index)) && !tail.limit.empty()) refuse("TOP before UNION");
  if (at(index).is("WITH") && at(index + 1).is_symbol("(")) return hints(index, tail);
  if (at(index).is("OPTION") && at(index + 1).is_symbol("(")) {
    return closing_parenthesis(*lexemes_, index + 1) + 1;
  }
  if (at(index).is_any("CROSS", "OUTER") && at(index + 1).is("APPLY")) {
    if (at(index).is("OUTER")) refuse("OUTER APPLY");
    put("CROSS JOIN LATERAL");
    return index + 2;
  }
  if (at(index).is("FOR") && at(index + 1).is_any("JSON", "XML", "BROWSE")) refuse("FOR");
  return piece(index, end);
}

void Rewriter::range(std::size_t begin, std::size_t end) {
  for (std::size_t index = begin; index < end;) index = piece(index, end);
}

/// Rewrites what stands at `index` and returns where the rest begins.
std::size_t Rewriter::piece(std::size_t index, std::size_t end) {
  const Lexeme& lexeme = at(index);
  switch (lexeme.kind) {
    case LexemeKind::string:
    case LexemeKind::national:
      put(text_literal(string_value(lexeme)));
      return index + 1;
    case LexemeKind::binary:
      put("'\\x" + std::string{lexeme.text.substr(2)} + "'::tds.varbinary");
      return index + 1;
    case LexemeKind::variable:
      variable(lexeme, false);
      return index + 1;
    case LexemeKind::number:
      put(lexeme.text);
      return index + 1;
    case LexemeKind::word:
    case LexemeKind::quoted: {
      std::size_t behind = index;
      if (special_function(behind) || empty_set(behind)) return behind;
      return name(index, end);
    }
    case LexemeKind::symbol:
      break;
    case LexemeKind::end:
      return end;
  }
  if (lexeme.is_symbol("(")) return parenthesis(index);
  // What PostgreSQL would understand and SQL Server would not.
  const bool concatenation = lexeme.is_symbol("|") && at(index + 1).is_symbol("|");
  if (lexeme.is_symbol("::") || lexeme.is_symbol("$") || concatenation) fail_near(lexeme);
  put(lexeme.is_symbol("^") ? "#" : lexeme.text);
  return index + 1;
}

std::size_t Rewriter::parenthesis(std::size_t index) {
  const std::size_t closing = closing_parenthesis(*lexemes_, index);
  put("(");
  if (at(index + 1).is_any("SELECT", "WITH") || at(index + 1).is_symbol("(")) {
    query(index + 1, closing, false);
  } else {
    range(index + 1, closing);
  }
  put(")");
  return closing + 1;
}

/// Table hints: those that lock rows become FOR UPDATE, those that ask for less are left out.
std::size_t Rewriter::hints(std::size_t index, Tail& tail) {
  const std::size_t closing = closing_parenthesis(*lexemes_, index + 1);
  bool skip_locked = false;
  bool no_wait = false;
  for (std::size_t i = index + 2; i < closing; ++i) {
    const Lexeme& hint = at(i);
    if (hint.is_symbol(",")) continue;
    if (hint.is_any("UPDLOCK", "XLOCK")) {
      tail.locking = " FOR UPDATE";
    } else if (hint.is("READPAST")) {
      skip_locked = true;
    } else if (hint.is("NOWAIT")) {
      no_wait = true;
    } else if (!hint.is_any("NOLOCK", "READUNCOMMITTED", "READCOMMITTED", "ROWLOCK", "PAGLOCK",
                            "HOLDLOCK", "SERIALIZABLE", "READCOMMITTEDLOCK")) {
      refuse(std::string{hint.text});
    }
  }
  if (!tail.locking.empty() && skip_locked) tail.locking += " SKIP LOCKED";
  if (!tail.locking.empty() && no_wait) tail.locking += " NOWAIT";
  return closing + 1;
}

}  // namespace flowdb::tds_server
