#include <algorithm>

#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/rewriter.hpp"
#include "support/tds_server/tsql/statement_end.hpp"

namespace flowdb::tds_server {

/// The first of the words at this level; `end` when there is none.
std::size_t Rewriter::find_word(std::size_t begin, std::size_t end,
                                std::initializer_list<std::string_view> words) const {
  for (std::size_t i = begin; i < end; ++i) {
    if (at(i).is_symbol("(")) i = closing_parenthesis(*lexemes_, i);
    if (std::any_of(words.begin(), words.end(),
                    [&](std::string_view word) { return at(i).is(word); })) {
      return i;
    }
  }
  return end;
}

/// OUTPUT inserted.a, inserted.b AS c: a RETURNING clause.
std::string Rewriter::output_clause(std::size_t begin, std::size_t end, const std::string& target) {
  if (find_word(begin, end, {"INTO"}) != end) refuse("OUTPUT … INTO");
  std::string clause;
  for (const auto& [item, behind] : split(begin, end)) {
    std::string text;
    for (std::size_t i = item; i < behind;) {
      const bool pseudo_table = at(i).is_any("INSERTED", "DELETED") && at(i + 1).is_symbol(".");
      if (!pseudo_table) {
        const std::size_t next_index = i + 1;
        text += ' ' + take_range(i, next_index);
        i = next_index;
        continue;
      }
      const Lexeme& column_name = at(i + 2);
      text += " " + target + "." +
              (column_name.is_symbol("*") ? "*" : quoted_name(plain_name(column_name)));
      i += 3;
    }
    if (at(behind - 1).is_symbol("*")) {
      result_.labels.emplace_back(std::nullopt);
    } else {
      result_.labels.emplace_back(display_name(at(behind - 1)));
    }
    clause += (clause.empty() ? " RETURNING" : ",") + text;
  }
  return clause;
}

void Rewriter::insert(std::size_t begin) {
  if (at(begin + 1).is("TOP")) refuse("INSERT TOP");
  std::size_t index = begin + 1;
  if (at(index).is("INTO")) ++index;
  put("INSERT INTO");
  const std::size_t table_begin = out_.size();
  index = name(index, last());
  const std::string target = out_.substr(table_begin);
  if (at(index).is("WITH") && at(index + 1).is_symbol("(")) {
    index = closing_parenthesis(*lexemes_, index + 1) + 1;
  }
  if (at(index).is_symbol("(") && !at(index + 1).is("SELECT")) {
    const std::size_t closing = closing_parenthesis(*lexemes_, index);
    range(index, closing + 1);
    index = closing + 1;
  }
  std::string returning;
  if (at(index).is("OUTPUT")) {
    const std::size_t source = find_word(index, last(), {"VALUES", "SELECT", "DEFAULT", "WITH"});
    returning = output_clause(index + 1, source, target);
    index = source;
  }
  if (context_->identity_insert) put("OVERRIDING SYSTEM VALUE");
  if (at(index).is_any("EXEC", "EXECUTE")) refuse("INSERT … EXEC");
  if (index >= last()) fail_near(at(last() - 1));
  const std::vector<std::optional<std::string>> labels = result_.labels;
  query(index, last(), false);
  result_.labels = labels;
  out_ += returning;
}

/// `FROM table [AS] alias` of an UPDATE or DELETE whose target is that alias: the table and the
/// alias; `behind` is where the rest begins. Empty when the target is none.
std::string Rewriter::target_from(std::size_t from, std::size_t end, const std::string& alias,
                                  std::size_t& behind) {
  if (from >= end) return {};
  const std::string kept = std::move(out_);
  out_.clear();
  std::size_t index = name(from + 1, end);
  const std::string table = std::move(out_);
  out_ = kept;
  if (index < end && at(index).is("AS")) ++index;
  if (index >= end || !at(index).is_name() || plain_name(at(index)) != alias) return {};
  behind = index + 1;
  if (at(behind).is("WITH") && at(behind + 1).is_symbol("(")) {
    behind = closing_parenthesis(*lexemes_, behind + 1) + 1;
  }
  if (behind < end && !at(behind).is_any("WHERE", "OPTION")) refuse("FROM with a join");
  return table + " AS " + quoted_name(alias);
}

void Rewriter::update(std::size_t begin) {
  if (at(begin + 1).is("TOP")) refuse("UPDATE TOP");
  const std::size_t set = find_word(begin, last(), {"SET"});
  const std::size_t from = find_word(set, last(), {"FROM"});
  const std::size_t where = find_word(set, last(), {"WHERE", "OPTION"});
  const std::size_t output = find_word(set, last(), {"OUTPUT"});
  const std::size_t assignments_end = std::min({from, where, output});
  std::size_t rest = std::min(from, where);
  put("UPDATE");
  const std::size_t table_begin = out_.size() + 1;
  std::string target = plain_name(at(begin + 1));
  std::string aliased = target_from(from, last(), target, rest);
  if (aliased.empty()) {
    Tail ignored;
    for (std::size_t i = begin + 1; i < set;) i = query_piece(i, set, ignored);
    target = out_.substr(table_begin);
  } else {
    put(aliased);
    target = quoted_name(target);
  }
  range(set, assignments_end);
  Tail tail;
  const std::string returning =
      output == last() ? std::string{} : output_clause(output + 1, std::min(from, where), target);
  for (std::size_t i = rest; i < last();) i = query_piece(i, last(), tail);
  if (find_word(output, std::min(from, where), {"DELETED"}) < std::min(from, where)) {
    refuse("OUTPUT deleted of an UPDATE");
  }
  out_ += returning;
}

void Rewriter::remove(std::size_t begin) {
  if (at(begin + 1).is("TOP")) refuse("DELETE TOP");
  std::size_t index = begin + 1;
  if (at(index).is("FROM")) ++index;
  put("DELETE FROM");
  const std::size_t table_begin = out_.size() + 1;
  const std::size_t from = find_word(index, last(), {"FROM"});
  const std::size_t where = find_word(index, last(), {"WHERE", "OPTION"});
  const std::size_t output = find_word(index, last(), {"OUTPUT"});
  std::size_t rest = where;
  std::string target = plain_name(at(index));
  const std::string aliased = target_from(from, last(), target, rest);
  if (aliased.empty()) {
    if (from < last()) refuse("DELETE … FROM");
    Tail ignored;
    const std::size_t table_end = std::min(where, output);
    for (std::size_t i = index; i < table_end;) i = query_piece(i, table_end, ignored);
    target = out_.substr(table_begin);
  } else {
    put(aliased);
    target = quoted_name(target);
  }
  std::string returning;
  if (output < last()) returning = output_clause(output + 1, std::min(from, where), target);
  Tail tail;
  for (std::size_t i = rest; i < last();) i = query_piece(i, last(), tail);
  out_ += returning;
}

/// PostgreSQL has MERGE too, but for INTO, which T-SQL may leave out, and BY TARGET.
void Rewriter::merge(std::size_t begin) {
  if (find_word(begin, last(), {"OUTPUT"}) < last()) refuse("MERGE … OUTPUT");
  put("MERGE INTO");
  Tail ignored;
  std::size_t index = begin + 1;
  if (at(index).is("INTO")) ++index;
  while (index < last()) {
    if (at(index).is("BY") && at(index + 1).is("SOURCE")) refuse("BY SOURCE");
    if (at(index).is("BY") && at(index + 1).is("TARGET")) {
      index += 2;
      continue;
    }
    index = query_piece(index, last(), ignored);
  }
}

}  // namespace flowdb::tds_server
