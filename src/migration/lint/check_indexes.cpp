#include "migration/lint/checks.hpp"

namespace flowdb::migration::lint {

namespace {

bool has_option(const Node& options, std::string_view name) {
  for (const auto& option : options.entries()) {
    if (!option["DefElem"]["defname"].is(name)) continue;
    const auto value = option["DefElem"]["arg"];
    const bool is_off = value["String"]["sval"].is("false") || value["String"]["sval"].is("off") ||
                        (value["Integer"] && !value["Integer"]["ival"]);
    return !is_off;
  }
  return false;
}

void check_creation(const Subject& subject) {
  const auto& node = subject.node;
  const bool is_concurrent = node["concurrent"].is_true();
  if (!is_concurrent && !subject.state.is_new(node["relation"])) {
    subject.complain(Rule::require_concurrent_index_creation);
  }
  if (!is_concurrent) return;
  if (subject.state.has_transactional_parts) {
    subject.complain(Rule::ban_concurrent_index_creation_in_transaction);
  }
  if (!node["if_not_exists"].is_true()) subject.complain(Rule::prefer_robust_stmts);
}

void check_drop(const Subject& subject) {
  const auto& node = subject.node;
  if (!node["removeType"].is("OBJECT_INDEX")) return;
  if (!node["concurrent"].is_true()) {
    subject.complain(Rule::require_concurrent_index_deletion);
  } else if (!node["missing_ok"].is_true()) {
    subject.complain(Rule::prefer_robust_stmts);
  }
}

}  // namespace

void check_indexes(const Subject& subject) {
  const auto& node = subject.node;
  if (subject.kind == "IndexStmt") check_creation(subject);
  if (subject.kind == "DropStmt") check_drop(subject);
  if (subject.kind == "ReindexStmt" && !has_option(node["params"], "concurrently")) {
    subject.complain(Rule::require_concurrent_reindex);
  }
  const bool is_full_vacuum = subject.kind == "VacuumStmt" && has_option(node["options"], "full");
  if (is_full_vacuum || subject.kind == "ClusterStmt") subject.complain(Rule::prefer_repack);
}

}  // namespace flowdb::migration::lint
