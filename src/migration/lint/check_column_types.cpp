#include <array>
#include <string_view>

#include "migration/lint/alter_commands.hpp"
#include "migration/lint/checks.hpp"

namespace flowdb::migration::lint {

namespace {

struct TypeRule {
  std::string_view type;  ///< as the parser calls it
  Rule rule;
};
constexpr std::array<TypeRule, 16> kTypeRules{{
    {"bpchar", Rule::ban_char_field},
    {"timestamp", Rule::prefer_timestamp_tz},
    {"int4", Rule::prefer_bigint_over_int},
    {"integer", Rule::prefer_bigint_over_int},
    {"serial", Rule::prefer_bigint_over_int},
    {"serial4", Rule::prefer_bigint_over_int},
    {"int2", Rule::prefer_bigint_over_smallint},
    {"smallint", Rule::prefer_bigint_over_smallint},
    {"smallserial", Rule::prefer_bigint_over_smallint},
    {"serial2", Rule::prefer_bigint_over_smallint},
    {"serial", Rule::prefer_identity},
    {"serial2", Rule::prefer_identity},
    {"serial4", Rule::prefer_identity},
    {"serial8", Rule::prefer_identity},
    {"smallserial", Rule::prefer_identity},
    {"bigserial", Rule::prefer_identity},
}};

void check_type(const Subject& subject, const Node& type) {
  const auto name = last_name(type["names"]);
  for (const auto& rule : kTypeRules) {
    if (rule.type == name) subject.complain(rule.rule, type.location());
  }
  if (name == "varchar" && !type["typmods"].entries().empty()) {
    subject.complain(Rule::prefer_text_field, type.location());
  }
}

}  // namespace

void check_column_types(const Subject& subject) {
  if (subject.kind == "CreateStmt") {
    for (const auto& element : subject.node["tableElts"].entries()) {
      check_type(subject, element["ColumnDef"]["typeName"]);
    }
  }
  for (const auto& command : alter_commands(subject)) {
    if (command.is("AT_AddColumn") || command.is("AT_AlterColumnType")) {
      check_type(subject, command.column()["typeName"]);
    }
  }
}

}  // namespace flowdb::migration::lint
