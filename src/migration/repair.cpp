#include "migration/repair.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/deadline.hpp"
#include "migration/lock.hpp"
#include "migration/plan_problems.hpp"
#include "migration/script_run.hpp"
#include "migration/situation.hpp"

namespace flowdb::migration {

namespace {

enum class Action { none, remove, realign, mark_deleted };

/// What is to be done with one row. The rows move while that is done, so they are copied.
struct Repair {
  Action action = Action::none;
  HistoryRow row;
  const MigrationFile* file = nullptr;
};

std::string shown_checksum(const std::optional<std::int32_t>& checksum) {
  return checksum ? std::to_string(*checksum) : "none";
}

void add_difference(std::string& text, const char* what, const std::string& from,
                    const std::string& to) {
  if (from == to) return;
  text += std::string{text.empty() ? "" : ", "} + what + " " + from + " → " + to;
}

/// Empty when row and file agree.
std::string differences(const HistoryRow& row, const MigrationFile& file) {
  std::string text;
  if (!has_checksum(row, file)) {
    add_difference(text, "checksum", shown_checksum(row.checksum), std::to_string(file.checksum));
  }
  add_difference(text, "description", row.description, file.name.description);
  add_difference(text, "type", row.type, type_of(file.name.kind));
  return text;
}

/// The script can go on where it stopped.
bool can_resume(Situation& situation, const PlanEntry& entry) {
  if (entry.state != MigrationState::interrupted || entry.file == nullptr) return false;
  std::vector<Problem> problems;
  const auto script = situation.make_script(*entry.file, problems);
  check_prefix(script, situation.progress().rows_of(entry.row->version), problems);
  return problems.empty();
}

Action action_for(Situation& situation, const PlanEntry& entry) {
  const auto& row = *entry.row;
  if (is_former(row)) return Action::none;
  if (entry.state == MigrationState::future) return Action::none;
  if (!row.success) return can_resume(situation, entry) ? Action::none : Action::remove;
  if (is_repeatable(row)) return Action::none;
  if (entry.state == MigrationState::missing && row.type == kSqlType) return Action::mark_deleted;
  const bool differs = entry.file != nullptr && !differences(row, *entry.file).empty();
  return differs ? Action::realign : Action::none;
}

RepairReport::Change carry_out(Situation& situation, const Repair& repair) {
  auto& history = situation.history();
  const auto& row = repair.row;
  switch (repair.action) {
    case Action::remove:
      history.remove(row.installed_rank);
      if (!situation.progress().rows_of(row.version).empty()) {
        situation.progress().remove(row.version);
      }
      return {"removed failed", row.script, "of " + row.installed_on};
    case Action::realign: {
      auto text = differences(row, *repair.file);
      history.realign(row.installed_rank, *repair.file);
      return {"realigned", repair.file->script, std::move(text)};
    }
    case Action::mark_deleted:
      history.mark_deleted(row.installed_rank);
      return {"marked deleted", row.script, "its file is missing"};
    case Action::none:
      break;
  }
  return {};
}

}  // namespace

RepairReport repair(const Workplace& place) {
  Situation situation{place, {}};
  auto& history = situation.history();
  Lock lock{place.connection, place.dialect, place.database_name, history.table(), place.clock};
  RepairReport report{place.database_name, {}};
  prepare_session(place);
  const RollbackGuard guard{place.connection};
  lock.acquire();
  history.refresh();
  if (!history.exists()) {
    if (!history.foreign_table()) return report;
    history.create();
    report.changes.push_back(
        {"adopted", *history.foreign_table(), std::to_string(history.rows().size()) + " rows"});
  }
  situation.read();
  std::vector<Repair> repairs;
  for (const auto& entry : situation.plan().entries) {
    if (entry.row == nullptr) continue;
    const auto action = action_for(situation, entry);
    if (action != Action::none) repairs.push_back({action, *entry.row, entry.file});
  }
  for (const auto& one : repairs) report.changes.push_back(carry_out(situation, one));
  place.connection.commit(Deadline::never());
  return report;
}

}  // namespace flowdb::migration
