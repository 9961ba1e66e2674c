#include <algorithm>

#include "migration/lint/alter_commands.hpp"
#include "migration/lint/checks.hpp"

namespace flowdb::migration::lint {

namespace {

bool drops_table_or_index(const Node& node) {
  const auto type = node["removeType"];
  return !node["concurrent"].is_true() &&
         (type.is("OBJECT_TABLE") || type.is("OBJECT_INDEX") || type.is("OBJECT_VIEW") ||
          type.is("OBJECT_MATVIEW") || type.is("OBJECT_TRIGGER"));
}

/// It waits for a lock that others' reading or writing holds up, and holds up whoever comes next.
bool locks_others_out(const Subject& subject) {
  const auto& node = subject.node;
  const bool is_existing = !subject.state.is_new(node["relation"]);
  if (subject.kind == "AlterTableStmt" || subject.kind == "RenameStmt" ||
      subject.kind == "CreateTrigStmt") {
    return is_existing && node["relation"];
  }
  if (subject.kind == "IndexStmt") return is_existing && !node["concurrent"].is_true();
  if (subject.kind == "DropStmt") return drops_table_or_index(node);
  return subject.kind == "TruncateStmt" || subject.kind == "LockStmt" ||
         subject.kind == "ClusterStmt";
}

bool sets_lock_timeout(const Subject& subject) {
  if (subject.kind == "VariableSetStmt") return subject.node["name"].is("lock_timeout");
  if (subject.kind != "SelectStmt") return false;
  bool found = false;
  subject.node.walk([&](const std::string& kind, const Node& node) {
    if (kind != "FuncCall" || last_name(node["funcname"]) != "set_config") return;
    const auto arguments = node["args"].entries();
    found = found ||
            (!arguments.empty() && arguments.front()["A_Const"]["sval"]["sval"].is("lock_timeout"));
  });
  return found;
}

}  // namespace

void check_lock_timeout(const Subject& subject) {
  if (!subject.state.has_lock_timeout && locks_others_out(subject)) {
    subject.complain(Rule::require_lock_timeout);
  }
}

void learn(const Subject& subject, ScriptState& state) {
  const auto& node = subject.node;
  if (sets_lock_timeout(subject)) state.has_lock_timeout = true;
  // Once told is enough.
  if (locks_others_out(subject)) state.has_lock_timeout = true;
  // With IF NOT EXISTS it may have been there before.
  const bool is_made = !node["if_not_exists"].is_true();
  if (subject.kind == "CreateStmt" && is_made) {
    state.new_relations.insert(relation_name(node["relation"]));
  }
  if (subject.kind == "CreateTableAsStmt" && is_made) {
    state.new_relations.insert(relation_name(node["into"]["rel"]));
  }
  if (subject.kind == "RenameStmt" && node["renameType"].is("OBJECT_TABLE") &&
      state.is_new(node["relation"])) {
    state.new_relations.insert(node["newname"].text());
  }
  for (const auto& command : alter_commands(subject)) {
    const auto constraint = command.constraint();
    if (command.is("AT_AddConstraint") && constraint["skip_validation"].is_true()) {
      state.unproven_constraints.insert(relation_name(node["relation"]) + "." +
                                        constraint["conname"].text());
    }
  }
}

}  // namespace flowdb::migration::lint
