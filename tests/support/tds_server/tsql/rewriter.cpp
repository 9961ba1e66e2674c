#include "support/tds_server/tsql/rewriter.hpp"

#include <algorithm>
#include <array>

#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/statement_end.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {
namespace {

/// Names in T-SQL that are words of PostgreSQL's grammar.
bool must_be_quoted(const Lexeme& word) {
  static constexpr std::array<std::string_view, 24> kWords{
      "LIMIT",     "ANALYSE",        "ANALYZE",  "ARRAY",     "ASYMMETRIC", "BOTH",
      "DO",        "FALSE",          "ILIKE",    "INITIALLY", "LATERAL",    "LEADING",
      "LOCALTIME", "LOCALTIMESTAMP", "NOTNULL",  "ISNULL",    "PLACING",    "RETURNING",
      "SIMILAR",   "SYMMETRIC",      "TRAILING", "TRUE",      "VARIADIC",   "WINDOW"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&word](std::string_view reserved) { return word.is(reserved); });
}

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

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + '"';
}

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

/// A word or a name with its parts: the current database and dbo, which the search path finds, are
/// left out.
std::size_t Rewriter::name(std::size_t index, std::size_t end) {
  std::size_t first = index;
  const auto followed_by_dot = [&](std::size_t i) {
    return i + 1 < end && at(i + 1).is_symbol(".");
  };
  if (followed_by_dot(first) && (at(first + 2).is_symbol(".") || followed_by_dot(first + 2))) {
    const std::string qualifier = plain_name(at(first));
    const bool current = qualifier == lower_case(context_->database);
    const bool temporary = qualifier == "tempdb";
    if (current || temporary) first += 2;
    if (at(first).is_symbol(".")) ++first;
  }
  if (followed_by_dot(first) && plain_name(at(first)) == "dbo") first += 2;
  const Lexeme& lexeme = at(first);
  if (lexeme.kind == LexemeKind::quoted || lexeme.text.front() == '#' || must_be_quoted(lexeme)) {
    put(quoted_name(plain_name(lexeme)));
  } else {
    put(lexeme.text);
  }
  std::size_t behind = first + 1;
  // The parts behind are names as well, whatever words they are.
  while (behind + 1 < end && at(behind).is_symbol(".") && at(behind + 1).is_name()) {
    out_ += "." + quoted_name(plain_name(at(behind + 1)));
    behind += 2;
  }
  return behind;
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

/// Numbers, dates and bytes say their type; text is what its place makes of it, as SQL Server
/// converts it.
void Rewriter::variable(const Lexeme& lexeme, bool typed) {
  const std::string key = lower_case(lexeme.text);
  if (key.substr(0, 2) == "@@") {
    const auto fact = context_->fact(upper_case(key));
    if (!fact) refuse(std::string{lexeme.text});
    put(*fact);
    return;
  }
  const auto found = context_->variables->find(key);
  if (found == context_->variables->end()) {
    SqlError error{137, "Must declare the scalar variable \"" + std::string{lexeme.text} + "\".",
                   15, ErrorScope::batch};
    error.set_line(lexeme.line);
    throw error;
  }
  result_.parameters.push_back(key);
  const std::string place = "$" + std::to_string(result_.parameters.size());
  const DataType& type = found->second.type;
  if (typed || context_->type_all_parameters || !is_character(type.kind)) {
    put("(" + place + "::" + postgres_type(type) + ")");
  } else {
    put(place);
  }
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
