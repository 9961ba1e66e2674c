#include "migration/runner.hpp"

#include <chrono>
#include <utility>

#include <flowdb/error.hpp>

#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "migration/reports.hpp"
#include "migration/script_failure.hpp"
#include "migration/send_statement.hpp"

namespace flowdb::migration {

namespace {

using std::chrono::milliseconds;

/// How long a rollback or a reset may take before the connection is given up.
constexpr std::chrono::seconds kCleanupTime{10};

/// Rolls back on leaving a scope whose transaction was not committed.
class RollbackGuard {
 public:
  explicit RollbackGuard(backend::Connection& connection) : connection_(connection) {}
  RollbackGuard(const RollbackGuard&) = delete;
  RollbackGuard& operator=(const RollbackGuard&) = delete;
  ~RollbackGuard() {
    const auto state = connection_.state();
    if (state != backend::ConnectionState::in_transaction &&
        state != backend::ConnectionState::failed_transaction) {
      return;
    }
    try {
      connection_.rollback(Deadline::after(kCleanupTime));
    } catch (...) {
      // The connection is broken then, and the server rolls back when it finds that out.
    }
  }

 private:
  backend::Connection& connection_;
};

[[noreturn]] void throw_connection_lost(const std::string& database_name) {
  ErrorFacts facts;
  facts.database_name = database_name;
  facts.transient = true;
  throw ConnectionError("The connection to '" + database_name +
                            "' was lost before the next migration; what was applied stays. Run the "
                            "migrations again.",
                        facts);
}

void run_statements(backend::Connection& connection, FailureContext& context) {
  const std::string_view text = context.script.file->contents;
  for (const auto& statement : context.script.statements) {
    context.statement = &statement;
    for (std::size_t run = 0; run < statement.repetitions; ++run) {
      send_statement(connection, text, statement, Deadline::never());
    }
  }
  context.stage = FailureStage::commit;
  context.dialect.settle(connection);
}

}  // namespace

Runner::Runner(backend::Connection& connection, const SqlDialect& dialect,
               std::string database_name, const std::string& directory,
               const std::vector<MigrationFile>& files, Clock& clock)
    : connection_(connection),
      dialect_(dialect),
      database_name_(std::move(database_name)),
      files_(files),
      clock_(clock),
      history_(connection, dialect, database_name_, {}),
      lock_(connection, dialect, database_name_, history_.table(), clock),
      names_{directory, history_.table()} {}

MigrationReport Runner::run() {
  const auto started = clock_.now();
  report_.database_name = database_name_;
  history_.read();
  make_valid_plan();
  while (next_ < plan_.pending.size()) apply_next();
  report_.current_version = plan_.current_version;
  report_.duration = std::chrono::duration_cast<milliseconds>(clock_.now() - started);
  return std::move(report_);
}

void Runner::make_valid_plan() {
  plan_ = make_plan(files_, history_.rows(), names_);
  next_ = 0;
  for (const auto* file : plan_.pending) check_script(*file, dialect_, plan_.problems);
  if (!plan_.problems.empty()) throw_problems(database_name_, plan_.problems);
}

void Runner::apply_next() {
  prepare_session();
  const RollbackGuard guard{connection_};
  lock_.acquire();
  if (history_.refresh()) make_valid_plan();
  if (next_ < plan_.pending.size()) apply(*plan_.pending[next_]);
}

void Runner::apply(const MigrationFile& file) {
  std::vector<Problem> none;  // make_valid_plan() has seen to that
  const auto script = check_script(file, dialect_, none);
  FailureContext context{script,
                         nullptr,
                         FailureStage::statement,
                         history_.session(),
                         dialect_,
                         plan_.current_version};
  const auto started = clock_.now();
  try {
    run_statements(connection_, context);
    const auto duration = std::chrono::duration_cast<milliseconds>(clock_.now() - started);
    report_.applied.push_back(to_applied(history_.add(file, duration)));
    connection_.commit(Deadline::never());
  } catch (const MigrationError&) {
    throw;
  } catch (const CommitUnknownError&) {
    throw;
  } catch (const Error& error) {
    if (connection_.state() == backend::ConnectionState::broken) throw;
    throw script_error(error, context);
  }
  if (file.name.version) plan_.current_version = display_version(file.name);
  ++next_;
  const auto& applied = report_.applied.back();
  logging::write(logging::Level::info,
                 "migration applied database=" + database_name_ + " script=" + file.script +
                     " duration_ms=" + std::to_string(applied.execution_time.count()));
}

void Runner::prepare_session() {
  if (!connection_.reset(Deadline::after(kCleanupTime))) throw_connection_lost(database_name_);
  connection_.mark_session_touched();
  dialect_.prepare(connection_);
}

}  // namespace flowdb::migration
