#include "migration/script_run.hpp"

#include <utility>

#include "core/deadline.hpp"
#include "migration/send_statement.hpp"

namespace flowdb::migration {

namespace {

/// How long a rollback or a reset may take before the connection is given up.
constexpr std::chrono::seconds kCleanupTime{10};

[[noreturn]] void throw_connection_lost(const std::string& database_name) {
  ErrorFacts facts;
  facts.database_name = database_name;
  facts.transient = true;
  throw ConnectionError("The connection to '" + database_name +
                            "' was lost before the next migration; what was applied stays. Run the "
                            "migrations again.",
                        facts);
}

}  // namespace

void report_progress(const MigrationOptions& options, MigrationProgress progress) {
  if (options.on_progress) options.on_progress(progress);
}

void run_in_transaction(const Workplace& place, FailureContext& context, const RunPlace& at) {
  const auto& script = context.script;
  std::size_t number = 0;
  for (const auto& statement : script.statements) {
    context.statement = &statement;
    ++number;
    if (at.number > 0) {
      report_progress(place.options,
                      {.step = MigrationProgress::Step::running,
                       .script = script.file->script,
                       .number = at.number,
                       .total = at.total,
                       .statement = number,
                       .statements = script.statements.size(),
                       .line = static_cast<int>(position_of(script, statement).line)});
    }
    send(place.connection, script, statement);
  }
  context.stage = FailureStage::commit;
  place.dialect.settle(place.connection);
}

void send(backend::Connection& connection, const Script& script,
          const sql::ScriptStatement& statement) {
  for (std::size_t run = 0; run < statement.repetitions; ++run) {
    send_statement(connection, script.file->contents, statement, Deadline::never());
  }
}

void rethrow_as_script_error(const Workplace& place, const Error& error,
                             const FailureContext& context) {
  if (dynamic_cast<const MigrationError*>(&error) != nullptr ||
      dynamic_cast<const CommitUnknownError*>(&error) != nullptr ||
      place.connection.state() == backend::ConnectionState::broken) {
    throw;
  }
  throw script_error(error, context);
}

void RollbackGuard::roll_back() noexcept {
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

void prepare_session(const Workplace& place) {
  if (!place.connection.reset(Deadline::after(kCleanupTime))) {
    throw_connection_lost(place.database_name);
  }
  place.connection.mark_session_touched();
  place.dialect.prepare(place.connection);
}

}  // namespace flowdb::migration
