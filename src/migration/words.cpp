#include <algorithm>

#include <flowdb/migration_options.hpp>
#include <flowdb/migration_reports.hpp>

const char* flowdb::to_string(MigrationState state) noexcept {
  switch (state) {
    case MigrationState::pending:
      return "Pending";
    case MigrationState::success:
      return "Success";
    case MigrationState::out_of_order:
      return "Out of Order";
    case MigrationState::failed:
      return "Failed";
    case MigrationState::interrupted:
      return "Interrupted";
    case MigrationState::ignored:
      return "Ignored";
    case MigrationState::above_target:
      return "Above Target";
    case MigrationState::below_baseline:
      return "Below Baseline";
    case MigrationState::baseline:
      return "Baseline";
    case MigrationState::missing:
      return "Missing";
    case MigrationState::future:
      return "Future";
    case MigrationState::outdated:
      return "Outdated";
    case MigrationState::superseded:
      return "Superseded";
    case MigrationState::undone:
      return "Undone";
    case MigrationState::deleted:
      return "Deleted";
    case MigrationState::available:
      break;
  }
  return "Available";
}

const char* flowdb::to_string(MigrationEvent event) noexcept {
  switch (event) {
    case MigrationEvent::before_migrate:
      return "beforeMigrate";
    case MigrationEvent::before_each_migrate:
      return "beforeEachMigrate";
    case MigrationEvent::after_each_migrate:
      return "afterEachMigrate";
    case MigrationEvent::after_each_migrate_error:
      return "afterEachMigrateError";
    case MigrationEvent::after_migrate:
      return "afterMigrate";
    case MigrationEvent::after_migrate_applied:
      return "afterMigrateApplied";
    case MigrationEvent::after_migrate_error:
      return "afterMigrateError";
    case MigrationEvent::before_undo:
      return "beforeUndo";
    case MigrationEvent::before_each_undo:
      return "beforeEachUndo";
    case MigrationEvent::after_each_undo:
      return "afterEachUndo";
    case MigrationEvent::after_each_undo_error:
      return "afterEachUndoError";
    case MigrationEvent::after_undo:
      return "afterUndo";
    case MigrationEvent::after_undo_error:
      break;
  }
  return "afterUndoError";
}

namespace flowdb {

bool MigrationPlan::would_succeed() const noexcept {
  return problems.empty() && std::none_of(steps.begin(), steps.end(), [](const Step& step) {
           return step.failure.has_value();
         });
}

}  // namespace flowdb
