#include "migration/lone_run.hpp"

#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>

#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "migration/non_transactional.hpp"

namespace flowdb::migration {

namespace {

using std::chrono::milliseconds;

/// Gives the session's lock back on leaving a scope.
class SessionLock {
 public:
  explicit SessionLock(Lock& lock) : lock_(lock) { lock_.acquire_session(); }
  SessionLock(const SessionLock&) = delete;
  SessionLock& operator=(const SessionLock&) = delete;
  ~SessionLock() { lock_.release_session(); }

 private:
  Lock& lock_;
};

}  // namespace

LoneRun::LoneRun(const Workplace& place, Situation& situation, Lock& lock, Callbacks& callbacks)
    : place_(place), situation_(situation), lock_(lock), callbacks_(callbacks) {}

std::optional<HistoryRow> LoneRun::run(const MigrationFile& file, const RunPlace& at) {
  prepare_session(place_);
  const SessionLock lock{lock_};
  if (!situation_.history().exists()) situation_.history().refresh();
  situation_.read();
  situation_.require_no_problems();
  const auto& pending = situation_.plan().pending;
  if (pending.empty() || pending.front() != &file) return std::nullopt;
  file_ = &file;
  script_ = &situation_.scripts().front();
  version_ = history_version(file.name);
  const auto started = place_.clock.now();
  begin();
  callbacks_.call_unlocked(MigrationEvent::before_each_migrate, file.script);
  run_statements(at);
  callbacks_.call_unlocked(MigrationEvent::after_each_migrate, file.script);
  return finish(std::chrono::duration_cast<milliseconds>(place_.clock.now() - started));
}

void LoneRun::begin() {
  auto& history = situation_.history();
  auto& progress = situation_.progress();
  const RollbackGuard guard{place_.connection};
  place_.connection.begin({}, milliseconds::zero(), Deadline::never());
  if (!history.exists()) situation_.create_history();
  progress.create_if_missing();
  const auto& rows = history.rows();
  const auto known = std::find_if(rows.begin(), rows.end(), [&](const HistoryRow& row) {
    return row.version == version_ && is_under_way(row);
  });
  if (known != rows.end()) {
    installed_rank_ = known->installed_rank;
    point_ = resume_point(progress.rows_of(version_));
  } else {
    progress.remove(version_);
    installed_rank_ = history.add(*file_, kUnderWay, false).installed_rank;
  }
  place_.connection.commit(Deadline::never());
}

void LoneRun::run_statements(const RunPlace& at) {
  const auto& statements = script_->statements;
  for (std::size_t index = 0; index < statements.size(); ++index) {
    const auto& statement = statements[index];
    report_progress(place_.options,
                    {.step = MigrationProgress::Step::running,
                     .script = file_->script,
                     .number = at.number,
                     .total = at.total,
                     .statement = index + 1,
                     .statements = statements.size(),
                     .line = static_cast<int>(position_of(*script_, statement).line)});
    run_statement(index);
  }
}

void LoneRun::run_statement(std::size_t index) {
  const auto& contents = script_->file->contents;
  const auto& statement = script_->statements[index];
  if (place_.dialect.non_transactional()->is_of_session(contents, statement)) {
    send_recorded(index, false);
  } else if (index >= point_.next) {
    const auto decision = decide(index);
    if (decision != Decision::skip) send_recorded(index, decision == Decision::send);
    record(index, StatementState::done);
  }
}

LoneRun::Decision LoneRun::decide(std::size_t index) {
  using Outcome = Inspection::Outcome;
  const auto inspection = place_.dialect.non_transactional()->inspect(
      place_.connection, script_->file->contents, script_->statements[index]);
  if (inspection.outcome == Outcome::broken) stop(index, inspection.advice);
  if (index == point_.next && point_.is_in_doubt) return decide_in_doubt(index, inspection);
  // What it makes is there before it ran: the server will say what it thinks of that, and should
  // this process end meanwhile, the next one must not take it for this statement's work.
  return inspection.outcome == Outcome::done ? Decision::send_unrecorded : Decision::send;
}

LoneRun::Decision LoneRun::decide_in_doubt(std::size_t index, const Inspection& inspection) {
  switch (inspection.outcome) {
    case Inspection::Outcome::done:
      return Decision::skip;
    case Inspection::Outcome::not_done:
    case Inspection::Outcome::repeatable:
      return Decision::send;
    case Inspection::Outcome::unknown:
    case Inspection::Outcome::broken:
      break;
  }
  if (place_.options.interrupted_statement == InterruptedStatement::run_again) {
    return Decision::send;
  }
  if (place_.options.interrupted_statement == InterruptedStatement::skip) return Decision::skip;
  stop(index,
       "a process ended while this statement ran, and nobody knows whether it was carried out. " +
           inspection.advice +
           " Then run the migrations with MigrationOptions::interrupted_statement: skip, if it was "
           "carried out, otherwise run_again.");
}

void LoneRun::send_recorded(std::size_t index, bool is_recorded) {
  const auto& statement = script_->statements[index];
  if (is_recorded) record(index, StatementState::started);
  FailureContext context{.script = *script_,
                         .statement = &statement,
                         .session = situation_.history().session(),
                         .dialect = place_.dialect,
                         .current_version = situation_.plan().current_version};
  try {
    send(place_.connection, *script_, statement);
  } catch (const Error& error) {
    if (place_.connection.state() != backend::ConnectionState::idle || error.is_outcome_unknown()) {
      throw;
    }
    if (is_recorded) record(index, StatementState::failed);
    for (const auto& line : place_.dialect.non_transactional()->leftovers(place_.connection)) {
      context.notes += "\n" + line;
    }
    throw script_error(error, context);
  }
}

HistoryRow LoneRun::finish(milliseconds duration) {
  for (const auto& line : place_.dialect.non_transactional()->leftovers(place_.connection)) {
    logging::write(logging::Level::warning,
                   "migrations database=" + place_.database_name + " " + line);
  }
  const RollbackGuard guard{place_.connection};
  place_.connection.begin({}, milliseconds::zero(), Deadline::never());
  const auto row = situation_.history().complete(installed_rank_, *file_, duration);
  situation_.progress().remove(version_);
  place_.connection.commit(Deadline::never());
  return row;
}

void LoneRun::record(std::size_t index, StatementState state) {
  situation_.progress().record(
      {version_, static_cast<int>(index) + 1, checksum_of(*script_, index), state});
}

void LoneRun::stop(std::size_t index, const std::string& text) const {
  throw_problems(place_.database_name,
                 {problem_at(*script_->file, script_->statements[index].begin, text)});
}

}  // namespace flowdb::migration
