#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "migration/callbacks.hpp"
#include "migration/lock.hpp"
#include "migration/progress.hpp"
#include "migration/script_run.hpp"
#include "migration/situation.hpp"
#include "migration/workplace.hpp"

namespace flowdb::migration {

/// Runs a script that cannot run in a transaction: each of its statements alone, under the
/// session's lock. Before a statement is sent it is recorded as started, behind it as done, so that
/// whoever comes after a crash goes on there; of the one that was under way it looks at the
/// database, or asks.
class LoneRun {
 public:
  LoneRun(const Workplace& place, Situation& situation, Lock& lock, Callbacks& callbacks);

  /// Takes the lock and looks at the history anew. Nothing, when it is not this file's turn any
  /// more. \throws MigrationError, and what a Connection throws.
  std::optional<HistoryRow> run(const MigrationFile& file, const RunPlace& at);

 private:
  /// Whether a statement is to be sent.
  enum class Decision { send, send_unrecorded, skip };

  void begin();
  void run_statements(const RunPlace& at);
  void run_statement(std::size_t index);
  Decision decide(std::size_t index);
  Decision decide_in_doubt(std::size_t index, const Inspection& inspection);
  void send_recorded(std::size_t index, bool is_recorded);
  HistoryRow finish(std::chrono::milliseconds duration);
  void record(std::size_t index, StatementState state);
  [[noreturn]] void stop(std::size_t index, const std::string& text) const;

  const Workplace& place_;
  Situation& situation_;
  Lock& lock_;
  Callbacks& callbacks_;
  const MigrationFile* file_ = nullptr;
  const Script* script_ = nullptr;
  std::string version_;
  int installed_rank_ = 0;
  ResumePoint point_;
};

}  // namespace flowdb::migration
