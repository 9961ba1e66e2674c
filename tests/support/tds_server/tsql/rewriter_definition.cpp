#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/tsql/program.hpp"
#include "support/tds_server/tsql/rewriter.hpp"
#include "support/tds_server/tsql/statement_end.hpp"
#include "support/tds_server/tsql/type_names.hpp"

namespace flowdb::tds_server {
namespace {

bool begins_constraint(const Lexeme& word) {
  return word.is_any("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");
}

}  // namespace

void Rewriter::create() {
  if (at(1).is("TABLE")) {
    create_table(2);
  } else if (at(1).is("VIEW")) {
    put("CREATE VIEW");
    const std::size_t as = find_word(2, last(), {"AS"});
    range(2, as + 1);
    query(as + 1, last(), false);
  } else if (at(1).is("SCHEMA")) {
    range(0, 3);
    if (last() > 3) refuse("CREATE SCHEMA … " + std::string{at(3).text});
  } else {
    std::size_t index = 1;
    const bool unique = at(index).is("UNIQUE");
    if (unique) ++index;
    if (at(index).is_any("CLUSTERED", "NONCLUSTERED")) ++index;
    if (!at(index).is("INDEX")) {
      if (at(1).is_name()) refuse("CREATE " + upper_case(at(1).text));
      fail_near(at(1));
    }
    create_index(index + 1, unique);
  }
}

/// CREATE TABLE name (items) [ON filegroup].
void Rewriter::create_table(std::size_t index) {
  const std::string kept = out_;
  const std::size_t opening = name(index, last());
  const bool temporary = plain_name(at(opening - 1)).front() == '#';
  const std::string table = out_.substr(kept.size());
  out_ = kept;
  put(temporary ? "CREATE TEMP TABLE " : "CREATE TABLE ");
  out_ += table;
  if (!at(opening).is_symbol("(")) fail_near(at(opening));
  const std::size_t closing = closing_parenthesis(*lexemes_, opening);
  if (closing + 1 < last() && !at(closing + 1).is_any("ON", "TEXTIMAGE_ON")) {
    refuse(std::string{at(closing + 1).text});
  }
  put("(");
  bool separate = false;
  for (const auto& [begin, end] : split(opening + 1, closing)) {
    if (begin == end) continue;  // T-SQL allows a last comma
    if (separate) put(",");
    separate = true;
    table_item(begin, end);
  }
  put(")");
}

void Rewriter::table_item(std::size_t begin, std::size_t end) {
  if (at(begin).is("INDEX")) refuse("an index within CREATE TABLE");
  if (begins_constraint(at(begin))) {
    column_options(begin, end);
  } else {
    column(begin, end);
  }
}

void Rewriter::column(std::size_t begin, std::size_t end) {
  put(quoted_name(plain_name(at(begin))));
  std::size_t index = begin + 1;
  if (at(index).is("AS")) refuse("a computed column");
  const Lexeme& type_name = at(index);
  const auto type = read_type(*lexemes_, index, TypeUse::declaration);
  if (!type) {
    throw SqlError{2715, "Cannot find data type " + display_name(type_name) + ".", 16,
                   ErrorScope::batch};
  }
  put(postgres_type(*type));
  column_options(index, end);
}

/// What stands behind a column's type, and table constraints.
void Rewriter::column_options(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end;) {
    if (at(i).is("IDENTITY")) {
      std::string start = "1";
      std::string step = "1";
      ++i;
      if (i < end && at(i).is_symbol("(")) {
        const std::size_t closing = closing_parenthesis(*lexemes_, i);
        const auto parts = split(i + 1, closing);
        if (parts.size() == 2) {
          start = take_range(parts[0].first, parts[0].second);
          step = take_range(parts[1].first, parts[1].second);
        }
        i = closing + 1;
      }
      put("GENERATED ALWAYS AS IDENTITY (START WITH " + start + " INCREMENT BY " + step + ")");
    } else if (at(i).is_any("CLUSTERED", "NONCLUSTERED", "ASC", "ROWGUIDCOL")) {
      ++i;
    } else if (at(i).is("COLLATE")) {
      i += 2;
    } else if (at(i).is("DESC")) {
      ++i;
    } else if (at(i).is("WITH") && at(i + 1).is_symbol("(")) {
      i = closing_parenthesis(*lexemes_, i + 1) + 1;
    } else if (at(i).is("ON") && !at(i + 1).is_any("DELETE", "UPDATE")) {
      i += 2;  // a filegroup
    } else if (at(i).is_symbol("(") && i > begin &&
               at(i - 1).is_any("KEY", "UNIQUE", "CLUSTERED", "NONCLUSTERED")) {
      const std::size_t closing = closing_parenthesis(*lexemes_, i);
      put("(");
      column_options(i + 1, closing);
      put(")");
      i = closing + 1;
    } else {
      i = piece(i, end);
    }
  }
}

void Rewriter::create_index(std::size_t index, bool unique) {
  put(unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
  const std::size_t opening = find_word(index, last(), {"ON"});
  range(index, opening + 1);
  Tail ignored;
  for (std::size_t i = opening + 1; i < last();) {
    // A filegroup, or options.
    if (at(i).is("ON")) {
      i += 2;
    } else {
      i = query_piece(i, last(), ignored);
    }
  }
}

/// ALTER TABLE t ADD …, ALTER COLUMN c type, DROP …
void Rewriter::alter_table() {
  if (!at(1).is("TABLE")) refuse("ALTER " + upper_case(at(1).text));
  put("ALTER TABLE");
  std::size_t index = name(2, last());
  if (at(index).is("WITH") && at(index + 1).is_any("CHECK", "NOCHECK")) index += 2;
  if (at(index).is("ADD")) {
    bool separate = false;
    for (const auto& [begin, end] : split(index + 1, last())) {
      if (separate) put(",");
      separate = true;
      const std::size_t default_for = find_word(begin, end, {"FOR"});
      if (default_for != end) refuse("DEFAULT … FOR");
      put(begins_constraint(at(begin)) ? "ADD" : "ADD COLUMN");
      table_item(begin, end);
    }
  } else if (at(index).is("ALTER") && at(index + 1).is("COLUMN")) {
    const std::string column_name = quoted_name(plain_name(at(index + 2)));
    std::size_t behind = index + 3;
    const auto type = read_type(*lexemes_, behind, TypeUse::declaration);
    if (!type) fail_near(at(index + 3));
    put("ALTER COLUMN " + column_name + " TYPE " + postgres_type(*type) + " USING " + column_name +
        "::" + postgres_type(*type));
    const bool required = at(behind).is("NOT");
    put(", ALTER COLUMN " + column_name + (required ? " SET NOT NULL" : " DROP NOT NULL"));
  } else if (at(index).is("DROP")) {
    range(index, last());
  } else {
    refuse("ALTER TABLE … " + std::string{at(index).text});
  }
}

void Rewriter::drop() {
  if (!at(1).is_any("TABLE", "VIEW", "INDEX", "SCHEMA")) refuse("DROP " + upper_case(at(1).text));
  std::size_t end = last();
  if (at(1).is("INDEX")) end = find_word(2, last(), {"ON"});
  range(0, end);
}

}  // namespace flowdb::tds_server
