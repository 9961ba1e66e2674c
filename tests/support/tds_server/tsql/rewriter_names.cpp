#include <algorithm>
#include <array>

#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/rewriter.hpp"
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

}  // namespace

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + '"';
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

}  // namespace flowdb::tds_server
