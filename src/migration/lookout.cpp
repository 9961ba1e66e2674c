#include "migration/lookout.hpp"

#include <utility>

#include "migration/reports.hpp"
#include "migration/situation.hpp"

namespace flowdb::migration {

namespace {

void look(Situation& situation) {
  situation.read();
  situation.look_at_schema();
}

const char* category_of(MigrationKind kind) {
  switch (kind) {
    case MigrationKind::versioned:
      return "Versioned";
    case MigrationKind::repeatable:
      return "Repeatable";
    case MigrationKind::undo:
      return "Undo";
    case MigrationKind::baseline:
      break;
  }
  return "Baseline";
}

const char* category_of(const HistoryRow& row) {
  if (row.type.compare(0, 4, "UNDO") == 0) return category_of(MigrationKind::undo);
  if (is_baseline(row)) return category_of(MigrationKind::baseline);
  return category_of(display_version(row).empty() ? MigrationKind::repeatable
                                                  : MigrationKind::versioned);
}

MigrationInfo to_info(const PlanEntry& entry) {
  MigrationInfo info;
  info.state = entry.state;
  if (entry.file != nullptr) info.checksum = entry.file->checksum;
  if (entry.row == nullptr) {
    const auto& file = *entry.file;
    info.category = category_of(file.name.kind);
    info.version = display_version(file.name);
    info.description = file.name.description;
    info.type = type_of(file.name.kind);
    info.script = file.script;
    return info;
  }
  const auto& row = *entry.row;
  info.category = category_of(row);
  info.version = display_version(row);
  info.description = row.description;
  info.type = row.type;
  info.script = row.script;
  info.applied_checksum = row.checksum;
  info.installed_rank = row.installed_rank;
  info.installed_by = row.installed_by;
  info.installed_on = row.installed_on;
  info.execution_time = to_applied(row).execution_time;
  return info;
}

std::vector<PendingMigration> pending_of(const Situation& situation) {
  std::vector<PendingMigration> pending;
  for (const auto* file : situation.plan().pending) pending.push_back(to_pending(*file));
  return pending;
}

}  // namespace

MigrationStatus status(const Workplace& place, const CallLimits& limits) {
  Situation situation{place, limits};
  look(situation);
  MigrationStatus status;
  status.database_name = place.database_name;
  status.migration_directory = place.files.location;
  status.current_version = situation.plan().current_version;
  status.pending_migrations = pending_of(situation);
  for (const auto& row : situation.history().rows()) {
    status.applied_migrations.push_back(to_applied(row));
    if (row.success && !is_former(row)) ++status.total_applied;
  }
  for (const auto& problem : situation.problems()) status.problems.push_back(problem.text);
  return status;
}

MigrationOverview overview(const Workplace& place, const CallLimits& limits) {
  Situation situation{place, limits};
  look(situation);
  MigrationOverview overview;
  overview.database_name = place.database_name;
  overview.migration_directory = place.files.location;
  overview.history_table = situation.history().table();
  overview.adopted_from = situation.history().foreign_table();
  overview.current_version = situation.plan().current_version;
  for (const auto& entry : situation.plan().entries) overview.migrations.push_back(to_info(entry));
  overview.problems = to_problems(situation.problems());
  return overview;
}

MigrationValidation validation(const Workplace& place, const CallLimits& limits) {
  Situation situation{place, limits};
  look(situation);
  return {.database_name = place.database_name,
          .problems = to_problems(situation.problems()),
          .pending_migrations = pending_of(situation)};
}

}  // namespace flowdb::migration
