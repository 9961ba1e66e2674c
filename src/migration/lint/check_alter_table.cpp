#include <algorithm>
#include <array>
#include <string_view>

#include "migration/lint/alter_commands.hpp"
#include "migration/lint/checks.hpp"

namespace flowdb::migration::lint {

namespace {

/// Functions that give every row of one statement the same value, so that a default made of them is
/// worked out once. https://www.postgresql.org/docs/15/sql-altertable.html#SQL-ALTERTABLE-NOTES
constexpr std::array<std::string_view, 22> kStableFunctions{"now",
                                                            "transaction_timestamp",
                                                            "statement_timestamp",
                                                            "timezone",
                                                            "date_trunc",
                                                            "to_timestamp",
                                                            "to_date",
                                                            "make_date",
                                                            "make_time",
                                                            "make_interval",
                                                            "lower",
                                                            "upper",
                                                            "md5",
                                                            "concat",
                                                            "jsonb_build_object",
                                                            "json_build_object",
                                                            "jsonb_build_array",
                                                            "json_build_array",
                                                            "array_fill",
                                                            "decode",
                                                            "current_setting",
                                                            "interval"};

bool is_volatile(const Node& expression) {
  bool found = false;
  expression.walk([&](const std::string& kind, const Node& node) {
    if (kind != "FuncCall") return;
    const auto name = last_name(node["funcname"]);
    found = found || std::find(kStableFunctions.begin(), kStableFunctions.end(), name) ==
                         kStableFunctions.end();
  });
  return found;
}

bool is_serial(const Node& column) {
  const auto type = last_name(column["typeName"]["names"]);
  return type.find("serial") != std::string::npos;
}

/// What the constraints of a column that is added say.
struct ColumnFacts {
  explicit ColumnFacts(const Node& column) {
    has_value = is_serial(column);
    fills_each_row = has_value;
    for (const auto& entry : column["constraints"].entries()) {
      const auto constraint = entry["Constraint"];
      const auto type = constraint["contype"];
      const bool is_made = type.is("CONSTR_GENERATED") || type.is("CONSTR_IDENTITY");
      const bool is_default = type.is("CONSTR_DEFAULT");
      has_value = has_value || is_made || is_default;
      fills_each_row =
          fills_each_row || is_made || (is_default && is_volatile(constraint["raw_expr"]));
      is_not_null = is_not_null || type.is("CONSTR_NOTNULL");
      is_primary_key = is_primary_key || type.is("CONSTR_PRIMARY");
      is_unique = is_unique || type.is("CONSTR_UNIQUE");
      has_foreign_key = has_foreign_key || type.is("CONSTR_FOREIGN");
      has_check = has_check || type.is("CONSTR_CHECK");
    }
  }

  bool has_value = false;
  bool fills_each_row = false;
  bool is_not_null = false;
  bool is_primary_key = false;
  bool is_unique = false;
  bool has_foreign_key = false;
  bool has_check = false;
};

void check_added_column(const Subject& subject, const AlterCommand& command) {
  const ColumnFacts facts{command.column()};
  const auto complain = [&](bool holds, Rule rule) {
    if (holds) subject.complain(rule, command.offset);
  };
  complain(facts.fills_each_row, Rule::adding_field_with_default);
  complain(facts.is_not_null && !facts.has_value, Rule::adding_required_field);
  complain(facts.is_primary_key, Rule::adding_serial_primary_key_field);
  complain(facts.is_unique, Rule::disallowed_unique_constraint);
  complain(facts.has_foreign_key, Rule::adding_foreign_key_constraint);
  complain(facts.has_check, Rule::constraint_missing_not_valid);
}

void check_added_constraint(const Subject& subject, const AlterCommand& command) {
  const auto constraint = command.constraint();
  const auto type = constraint["contype"];
  const bool uses_index = !constraint["indexname"].text().empty();
  const bool is_unproven = constraint["skip_validation"].is_true();
  if (type.is("CONSTR_FOREIGN") && !is_unproven) {
    subject.complain(Rule::adding_foreign_key_constraint, command.offset);
  }
  if ((type.is("CONSTR_FOREIGN") || type.is("CONSTR_CHECK")) && !is_unproven) {
    subject.complain(Rule::constraint_missing_not_valid, command.offset);
  }
  if (type.is("CONSTR_PRIMARY") && !uses_index) {
    subject.complain(Rule::adding_serial_primary_key_field, command.offset);
  }
  if ((type.is("CONSTR_UNIQUE") || type.is("CONSTR_EXCLUSION")) && !uses_index) {
    subject.complain(Rule::disallowed_unique_constraint, command.offset);
  }
}

void check_validation(const Subject& subject, const AlterCommand& command) {
  const auto name = relation_name(subject.node["relation"]) + "." + command.name();
  if (subject.state.unproven_constraints.count(name) == 0) return;
  subject.complain(Rule::constraint_missing_not_valid, command.offset,
                   "Validated in the script that adds it, the constraint keeps the lock of its "
                   "addition while every row is checked.");
}

}  // namespace

void check_alter_table(const Subject& subject) {
  if (subject.state.is_new(subject.node["relation"])) return;
  for (const auto& command : alter_commands(subject)) {
    if (command.is("AT_AddColumn")) check_added_column(subject, command);
    if (command.is("AT_AddConstraint")) check_added_constraint(subject, command);
    if (command.is("AT_ValidateConstraint")) check_validation(subject, command);
    if (command.is("AT_SetNotNull")) {
      subject.complain(Rule::adding_not_nullable_field, command.offset);
    }
    if (command.is("AT_DropNotNull")) subject.complain(Rule::ban_drop_not_null, command.offset);
    if (command.is("AT_DropColumn")) subject.complain(Rule::ban_drop_column, command.offset);
    if (command.is("AT_AlterColumnType")) {
      subject.complain(Rule::changing_column_type, command.offset);
    }
    if (command.is("AT_DetachPartition") &&
        !command.node["def"]["PartitionCmd"]["concurrent"].is_true()) {
      subject.complain(Rule::require_concurrent_partition_detach, command.offset);
    }
  }
}

}  // namespace flowdb::migration::lint
