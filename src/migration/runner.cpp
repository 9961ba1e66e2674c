#include "migration/runner.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <flowdb/error.hpp>

#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "migration/lone_run.hpp"
#include "migration/reports.hpp"
#include "migration/script_failure.hpp"
#include "migration/script_run.hpp"

namespace flowdb::migration {

namespace {

using std::chrono::milliseconds;

/// Between attempts at a migration that did not get its locks.
constexpr milliseconds kShortestPause{500};
constexpr milliseconds kLongestPause{30'000};
constexpr int kPauseDoublings = 6;

milliseconds wait_after(int attempt) {
  return std::min(kShortestPause * (1 << std::min(attempt, kPauseDoublings)), kLongestPause);
}

}  // namespace

Runner::Runner(const Workplace& place)
    : place_(place),
      situation_(place, {}),
      lock_(
          place.connection, place.dialect, place.database_name, situation_.history().table(),
          place.clock,
          [&place] { report_progress(place.options, {.step = MigrationProgress::Step::waiting}); }),
      callbacks_(place, situation_) {}

MigrationReport Runner::run() {
  const auto started = place_.clock.now();
  report_.database_name = place_.database_name;
  situation_.read();
  situation_.require_no_problems();
  callbacks_.check();
  try {
    run_all();
  } catch (...) {
    callbacks_.call_after_failure(MigrationEvent::after_migrate_error);
    throw;
  }
  report_.current_version = situation_.plan().current_version;
  report_.duration = std::chrono::duration_cast<milliseconds>(place_.clock.now() - started);
  return std::move(report_);
}

void Runner::run_all() {
  callbacks_.call_alone(MigrationEvent::before_migrate, lock_);
  const auto& history = situation_.history();
  const bool may_need_baseline = place_.options.baseline_on_migrate && !is_done();
  if (!history.exists() && (history.foreign_table() || may_need_baseline)) establish_history();
  while (!is_done()) apply_next();
  if (!report_.applied.empty()) {
    callbacks_.call_alone(MigrationEvent::after_migrate_applied, lock_);
  }
  callbacks_.call_alone(MigrationEvent::after_migrate, lock_);
}

void Runner::establish_history() {
  prepare_session(place_);
  const RollbackGuard guard{place_.connection};
  lock_.acquire();
  refresh();
  auto& history = situation_.history();
  if (!history.exists()) {
    const bool is_adopted = history.foreign_table().has_value();
    if (!is_adopted && !history.is_schema_in_use()) return;
    history.create();
    if (!is_adopted) {
      history.add_baseline(parse_version_option(place_.options.baseline_version, "baseline_version",
                                                place_.database_name),
                           place_.options.baseline_description);
    }
  }
  place_.connection.commit(Deadline::never());
  situation_.read();
  situation_.require_no_problems();
  next_ = 0;
}

void Runner::refresh() {
  if (!situation_.refresh()) return;
  situation_.require_no_problems();
  next_ = 0;
}

void Runner::apply_next() {
  if (!situation_.scripts()[next_].is_transactional) return apply_alone();
  const auto script = situation_.plan().pending[next_]->script;
  for (int attempt = 0; !try_next(attempt >= place_.options.lock_retries); ++attempt) {
    const auto wait = wait_after(attempt);
    logging::write(logging::Level::warning,
                   "migration rolled back database=" + place_.database_name + " script=" + script +
                       " since a lock was not free; trying again in " +
                       std::to_string(wait.count()) + " ms");
    report_progress(place_.options,
                    {.step = MigrationProgress::Step::retrying,
                     .script = script,
                     .number = report_.applied.size() + 1,
                     .total = report_.applied.size() + situation_.scripts().size() - next_});
    place_.clock.sleep_for(wait);
  }
}

bool Runner::try_next(bool is_last_attempt) {
  prepare_session(place_);
  RollbackGuard guard{place_.connection};
  lock_.acquire();
  refresh();
  // Another runner may have applied it, or the next one is of the other kind.
  if (is_done() || !situation_.scripts()[next_].is_transactional) return true;
  const auto& script = situation_.scripts()[next_];
  try {
    return apply(script, is_last_attempt);
  } catch (...) {
    guard.roll_back();
    callbacks_.call_after_failure(MigrationEvent::after_each_migrate_error, script.file->script);
    throw;
  }
}

bool Runner::apply(const Script& script, bool is_last_attempt) {
  const auto& file = *script.file;
  auto& history = situation_.history();
  FailureContext context{.script = script,
                         .session = history.session(),
                         .dialect = place_.dialect,
                         .current_version = situation_.plan().current_version};
  try {
    if (place_.options.lock_timeout > milliseconds::zero()) {
      place_.dialect.limit_lock_waits(place_.connection, place_.options.lock_timeout);
    }
    if (!history.exists()) situation_.create_history();
    const auto started = place_.clock.now();
    callbacks_.call(MigrationEvent::before_each_migrate, file.script);
    run_in_transaction(
        place_, context,
        {report_.applied.size() + 1, report_.applied.size() + situation_.scripts().size() - next_});
    callbacks_.call(MigrationEvent::after_each_migrate, file.script);
    const auto duration = std::chrono::duration_cast<milliseconds>(place_.clock.now() - started);
    const auto row = history.add(*situation_.plan().pending[next_], duration);
    place_.connection.commit(Deadline::never());
    has_applied(row);
    return true;
  } catch (const Error& error) {
    const bool is_rolled_back =
        place_.connection.state() == backend::ConnectionState::failed_transaction ||
        place_.connection.state() == backend::ConnectionState::in_transaction;
    if (!is_last_attempt && is_rolled_back && !error.is_outcome_unknown() &&
        place_.dialect.is_worth_another_try(error.facts())) {
      history.doubt();
      return false;
    }
    rethrow_as_script_error(place_, error, context);
  }
}

void Runner::apply_alone() {
  const auto& file = *situation_.plan().pending[next_];
  const RunPlace at{report_.applied.size() + 1,
                    report_.applied.size() + situation_.scripts().size() - next_};
  next_ = 0;  // it reads the history anew
  try {
    const auto row = LoneRun{place_, situation_, lock_, callbacks_}.run(file, at);
    if (row) has_applied(*row);
  } catch (...) {
    callbacks_.call_after_failure(MigrationEvent::after_each_migrate_error, file.script);
    throw;
  }
}

void Runner::has_applied(const HistoryRow& row) {
  report_.applied.push_back(to_applied(row));
  const auto& file = *situation_.plan().pending[next_];
  ++next_;
  situation_.note_applied(file);
  report_progress(place_.options,
                  {.step = MigrationProgress::Step::applied,
                   .script = file.script,
                   .number = report_.applied.size(),
                   .total = report_.applied.size() + situation_.scripts().size() - next_});
  logging::write(logging::Level::info,
                 "migration applied database=" + place_.database_name + " script=" + file.script +
                     " duration_ms=" + std::to_string(row.execution_time.count()));
}

}  // namespace flowdb::migration
