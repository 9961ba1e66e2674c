#include <nlohmann/json.hpp>

#include <flowdb/migration_reports.hpp>

namespace flowdb {
namespace {

using nlohmann::json;

template <class Item>
json or_null(const std::optional<Item>& item) {
  return item ? json(*item) : json();
}

json to_document(const PendingMigration& migration) {
  return {{"version", migration.version},
          {"description", migration.description},
          {"script", migration.script}};
}

json to_document(const AppliedMigration& migration) {
  return {{"version", migration.version},
          {"description", migration.description},
          {"script", migration.script},
          {"installed_by", migration.installed_by},
          {"installed_on", migration.installed_on},
          {"execution_time", migration.execution_time.count()},
          {"success", migration.success}};
}

json to_document(const MigrationProblem& problem) {
  return problem.to_json();
}

json to_document(const MigrationInfo& migration) {
  return migration.to_json();
}

json to_document(const RepairReport::Change& change) {
  return {{"action", change.action}, {"script", change.script}, {"detail", change.detail}};
}

template <class Item>
json to_list(const std::vector<Item>& items);

json to_document(const MigrationPlan::Lock& lock) {
  return {{"object", lock.object}, {"mode", lock.mode}, {"is_new", lock.is_new}};
}

json to_document(const MigrationPlan::Statement& statement) {
  return {{"line", statement.line},
          {"column", statement.column},
          {"text", statement.text},
          {"locks", to_list(statement.locks)},
          {"duration_ms", statement.duration.count()}};
}

json to_document(const MigrationPlan::Step& step) {
  return {{"script", step.script},
          {"version", step.version},
          {"description", step.description},
          {"transactional", step.is_transactional},
          {"rehearsed", step.is_rehearsed},
          {"statements", to_list(step.statements)},
          {"failure", step.failure ? step.failure->to_json() : json()},
          {"note", step.note}};
}

template <class Item>
json to_list(const std::vector<Item>& items) {
  auto list = json::array();
  for (const auto& item : items) list.push_back(to_document(item));
  return list;
}

}  // namespace

json MigrationStatus::to_json() const {
  return {{"database_name", database_name},
          {"migration_directory", migration_directory},
          {"current_version", or_null(current_version)},
          {"pending_migrations", to_list(pending_migrations)},
          {"applied_migrations", to_list(applied_migrations)},
          {"total_applied", total_applied}};
}

json MigrationReport::to_json() const {
  return {{"database_name", database_name},
          {"applied", to_list(applied)},
          {"current_version", or_null(current_version)},
          {"duration_ms", duration.count()}};
}

json MigrationProblem::to_json() const {
  return {{"text", text}, {"script", script}, {"line", line}, {"column", column}};
}

json MigrationInfo::to_json() const {
  return {{"state", to_string(state)},
          {"category", category},
          {"version", version},
          {"description", description},
          {"type", type},
          {"script", script},
          {"checksum", or_null(checksum)},
          {"applied_checksum", or_null(applied_checksum)},
          {"installed_rank", or_null(installed_rank)},
          {"installed_by", or_null(installed_by)},
          {"installed_on", or_null(installed_on)},
          {"execution_time", execution_time ? json(execution_time->count()) : json()}};
}

json MigrationOverview::to_json() const {
  return {{"database_name", database_name},
          {"migration_directory", migration_directory},
          {"history_table", history_table},
          {"adopted_from", or_null(adopted_from)},
          {"current_version", or_null(current_version)},
          {"migrations", to_list(migrations)},
          {"problems", to_list(problems)}};
}

json MigrationValidation::to_json() const {
  return {{"database_name", database_name},
          {"valid", is_valid()},
          {"problems", to_list(problems)},
          {"pending_migrations", to_list(pending_migrations)}};
}

json BaselineReport::to_json() const {
  return {{"database_name", database_name},
          {"version", version},
          {"description", description},
          {"created", created}};
}

json RepairReport::to_json() const {
  return {{"database_name", database_name}, {"changes", to_list(changes)}};
}

json MigrationPlan::to_json() const {
  return {{"database_name", database_name},
          {"current_version", or_null(current_version)},
          {"would_succeed", would_succeed()},
          {"steps", to_list(steps)},
          {"problems", to_list(problems)}};
}

}  // namespace flowdb
