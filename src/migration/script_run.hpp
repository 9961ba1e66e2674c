#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "migration/script_failure.hpp"
#include "migration/workplace.hpp"

namespace flowdb::migration {

/// Where in a run a script stands, for those who watch.
struct RunPlace {
  std::size_t number = 0;  ///< from 1; 0: nobody is told
  std::size_t total = 0;
};

/// Tells whoever watches the run, if anybody does.
void report_progress(const MigrationOptions& options, MigrationProgress progress);

/// Runs the statements of a script in the transaction that the caller has begun, and settles it:
/// behind it, nothing can fail any more at COMMIT, and the session is fit for the history's row.
/// `context` must be of that script; it follows the run, so that script_error() can tell where an
/// error came from.
/// \throws what a Connection throws.
void run_in_transaction(const Workplace& place, FailureContext& context, const RunPlace& at = {});

/// Sends one statement as often as it asks for.
void send(backend::Connection& connection, const Script& script,
          const sql::ScriptStatement& statement);

/// What to throw for a failure of the script: the error itself when the connection is lost with it
/// or it explains itself.
[[noreturn]] void rethrow_as_script_error(const Workplace& place, const Error& error,
                                          const FailureContext& context);

/// Rolls back on leaving a scope whose transaction was not committed.
class RollbackGuard {
 public:
  explicit RollbackGuard(backend::Connection& connection) : connection_(connection) {}
  RollbackGuard(const RollbackGuard&) = delete;
  RollbackGuard& operator=(const RollbackGuard&) = delete;
  ~RollbackGuard() { roll_back(); }
  void roll_back() noexcept;

 private:
  backend::Connection& connection_;
};

/// Before a migration: the session as after connecting, but for what the dialect wants.
/// \throws ConnectionError when it cannot be had.
void prepare_session(const Workplace& place);

}  // namespace flowdb::migration
