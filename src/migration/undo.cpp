#include "migration/undo.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <flowdb/error.hpp>

#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "migration/callbacks.hpp"
#include "migration/lock.hpp"
#include "migration/reports.hpp"
#include "migration/script_run.hpp"
#include "migration/situation.hpp"

namespace flowdb::migration {

namespace {

using std::chrono::milliseconds;

class Undo {
 public:
  explicit Undo(const Workplace& place)
      : place_(place),
        target_(plan_options(place.options, place.database_name).target),
        situation_(place, {}),
        lock_(place.connection, place.dialect, place.database_name, situation_.history().table(),
              place.clock),
        callbacks_(place, situation_) {}

  MigrationReport run() {
    const auto started = place_.clock.now();
    situation_.read();
    const auto ranks = choose();
    for (const int rank : ranks) file_for(*row_of(rank));  // all of them, or none is begun
    callbacks_.check();
    callbacks_.call_alone(MigrationEvent::before_undo, lock_);
    try {
      for (const int rank : ranks) undo_one(rank);
    } catch (...) {
      callbacks_.call_after_failure(MigrationEvent::after_undo_error);
      throw;
    }
    callbacks_.call_alone(MigrationEvent::after_undo, lock_);
    situation_.read();
    report_.database_name = place_.database_name;
    report_.current_version = situation_.plan().current_version;
    report_.duration = std::chrono::duration_cast<milliseconds>(place_.clock.now() - started);
    return std::move(report_);
  }

 private:
  /// Which rows, the one applied last first.
  std::vector<int> choose() const {
    std::vector<int> ranks;
    const auto& rows = situation_.history().rows();
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      const auto version = is_former(*row) || is_repeatable(*row) || is_baseline(*row)
                               ? std::nullopt
                               : Version::parse(row->version);
      if (!version || (target_ && !(*target_ < *version))) continue;
      if (!row->success) {
        refuse("'" + row->script +
                   "' has not been applied wholly; run the migrations, or put that "
                   "right and have Migrator::repair() (flowdb repair) forget it.",
               row->script);
      }
      ranks.push_back(row->installed_rank);
      if (!target_) break;
    }
    if (ranks.empty() && !target_) refuse("no migration is applied.", {});
    return ranks;
  }

  const HistoryRow* row_of(int rank) const {
    const auto& rows = situation_.history().rows();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const HistoryRow& row) {
      return row.installed_rank == rank && !is_former(row);
    });
    return found == rows.end() ? nullptr : &*found;
  }

  const MigrationFile& file_for(const HistoryRow& row) const {
    const auto version = Version::parse(row.version);
    const auto& files = place_.files.migrations;
    const auto found = std::find_if(files.begin(), files.end(), [&](const MigrationFile& file) {
      return file.name.kind == MigrationKind::undo && *file.name.version == *version;
    });
    if (found == files.end()) {
      refuse("'" + row.script +
                 "' has no undo script; write one that takes back what it did, and name it '"
                 "U" +
                 row.script.substr(std::min<std::size_t>(1, row.script.size())) + "'.",
             row.script);
    }
    return *found;
  }

  void undo_one(int rank) {
    prepare_session(place_);
    RollbackGuard guard{place_.connection};
    lock_.acquire();
    situation_.refresh();
    const auto* row = row_of(rank);
    if (row == nullptr) return;  // somebody else was faster
    const auto& file = file_for(*row);
    try {
      apply(file, *row);
    } catch (...) {
      guard.roll_back();
      callbacks_.call_after_failure(MigrationEvent::after_each_undo_error, file.script);
      throw;
    }
  }

  void apply(const MigrationFile& file, const HistoryRow& row) {
    std::vector<Problem> problems;
    const auto script = situation_.make_script(file, problems);
    if (!script.is_transactional) {
      problems.push_back({file.script + ": an undo script runs in a transaction, which a statement "
                                        "of it cannot; run it apart.",
                          file.script});
    }
    if (!problems.empty()) throw_problems(place_.database_name, problems);
    FailureContext context{.script = script,
                           .session = situation_.history().session(),
                           .dialect = place_.dialect,
                           .current_version = situation_.plan().current_version};
    const auto started = place_.clock.now();
    try {
      if (place_.options.lock_timeout > milliseconds::zero()) {
        place_.dialect.limit_lock_waits(place_.connection, place_.options.lock_timeout);
      }
      callbacks_.call(MigrationEvent::before_each_undo, file.script);
      run_in_transaction(place_, context, {report_.applied.size() + 1, report_.applied.size() + 1});
      callbacks_.call(MigrationEvent::after_each_undo, file.script);
      const auto duration = std::chrono::duration_cast<milliseconds>(place_.clock.now() - started);
      const auto undone = situation_.history().add_undo(file, row, duration);
      place_.connection.commit(Deadline::never());
      report_.applied.push_back(to_applied(undone));
    } catch (const Error& error) {
      rethrow_as_script_error(place_, error, context);
    }
    logging::write(logging::Level::info,
                   "migration undone database=" + place_.database_name + " script=" + file.script);
  }

  [[noreturn]] void refuse(const std::string& text, const std::string& script) const {
    ErrorFacts facts;
    facts.database_name = place_.database_name;
    throw MigrationError("Nothing of '" + place_.database_name + "' was undone: " + text, facts,
                         script);
  }

  const Workplace& place_;
  std::optional<Version> target_;
  Situation situation_;
  Lock lock_;
  Callbacks callbacks_;
  MigrationReport report_;
};

}  // namespace

MigrationReport undo(const Workplace& place) {
  return Undo{place}.run();
}

}  // namespace flowdb::migration
