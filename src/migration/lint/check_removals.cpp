#include "migration/lint/checks.hpp"

namespace flowdb::migration::lint {

namespace {

/// The name of one that DROP lists: `schema.table` or `table`.
std::string listed_name(const Node& entry) {
  std::string name;
  for (const auto& part : entry["List"]["items"].entries()) {
    name += (name.empty() ? "" : ".") + part["String"]["sval"].text();
  }
  return name;
}

bool drops_existing(const Subject& subject) {
  for (const auto& entry : subject.node["objects"].entries()) {
    if (subject.state.new_relations.count(listed_name(entry)) == 0) return true;
  }
  return false;
}

}  // namespace

void check_removals(const Subject& subject) {
  const auto& node = subject.node;
  if (subject.kind == "DropdbStmt") subject.complain(Rule::ban_drop_database);
  if (subject.kind == "DropStmt" && node["removeType"].is("OBJECT_TABLE") &&
      drops_existing(subject)) {
    subject.complain(Rule::ban_drop_table);
  }
  if (subject.kind == "TruncateStmt" && node["behavior"].is("DROP_CASCADE")) {
    subject.complain(Rule::ban_truncate_cascade);
  }
  if (subject.kind == "RenameStmt" && !subject.state.is_new(node["relation"])) {
    const bool is_table = node["renameType"].is("OBJECT_TABLE");
    const bool is_column =
        node["renameType"].is("OBJECT_COLUMN") && node["relationType"].is("OBJECT_TABLE");
    if (is_table) subject.complain(Rule::renaming_table);
    if (is_column) subject.complain(Rule::renaming_column);
  }
}

}  // namespace flowdb::migration::lint
