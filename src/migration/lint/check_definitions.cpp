#include <set>

#include "migration/lint/checks.hpp"
#include "sql/dialect.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::lint {

namespace {

/// NAMEDATALEN - 1,
/// https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
constexpr std::size_t kLongestName = 63;

void check_names(const Subject& subject) {
  sql::Lexer lexer{subject.text, sql::postgresql_dialect()};
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    const bool is_quoted = token.kind == sql::TokenKind::quoted_identifier;
    const auto length = token.text.size() - (is_quoted ? 2 : 0);
    if ((is_quoted || token.kind == sql::TokenKind::word) && length > kLongestName) {
      subject.complain(Rule::identifier_too_long, token.begin);
    }
  }
}

void check_domains(const Subject& subject) {
  const auto& node = subject.node;
  if (subject.kind == "CreateDomainStmt") {
    for (const auto& entry : node["constraints"].entries()) {
      const auto constraint = entry["Constraint"];
      if (constraint["contype"].is("CONSTR_CHECK") || constraint["contype"].is("CONSTR_NOTNULL")) {
        subject.complain(Rule::ban_create_domain_with_constraint, constraint.location());
      }
    }
  }
  if (subject.kind == "AlterDomainStmt" && node["subtype"].is("C")) {
    subject.complain(Rule::ban_alter_domain_with_add_constraint,
                     node["def"]["Constraint"].location());
  }
}

void check_assignments(const Subject& subject) {
  if (subject.kind != "UpdateStmt") return;
  std::set<std::string> columns;
  for (const auto& entry : subject.node["targetList"].entries()) {
    const auto target = entry["ResTarget"];
    const bool is_whole = !target["indirection"];  // parts of a column may be set one by one
    if (is_whole && !columns.insert(target["name"].text()).second) {
      subject.complain(Rule::ban_duplicate_column_assignments, target.location());
    }
  }
}

void check_schema(const Subject& subject) {
  const bool names_table = subject.kind == "CreateStmt" || subject.kind == "AlterTableStmt";
  const auto relation = subject.node["relation"];
  if (names_table && relation["schemaname"].text().empty() && !relation["relpersistence"].is("t")) {
    subject.complain(Rule::require_table_schema, relation.location());
  }
}

/// Savepoints do no harm.
bool ends_or_begins_transaction(const Node& kind) {
  return kind && !kind.is("TRANS_STMT_SAVEPOINT") && !kind.is("TRANS_STMT_RELEASE") &&
         !kind.is("TRANS_STMT_ROLLBACK_TO");
}

}  // namespace

void check_definitions(const Subject& subject) {
  check_names(subject);
  check_domains(subject);
  check_assignments(subject);
  check_schema(subject);
  if (subject.kind == "TransactionStmt" && ends_or_begins_transaction(subject.node["kind"])) {
    subject.complain(Rule::transaction_nesting);
  }
  const bool adds_value = subject.kind == "AlterEnumStmt" && subject.node["oldVal"].text().empty();
  if (adds_value && subject.node["newValNeighbor"].text().empty()) {
    subject.complain(Rule::require_enum_value_ordering);
  }
}

}  // namespace flowdb::migration::lint
