#pragma once

#include <cstddef>
#include <string>

#include <flowdb/migration_reports.hpp>

#include "migration/callbacks.hpp"
#include "migration/lock.hpp"
#include "migration/situation.hpp"
#include "migration/workplace.hpp"

namespace flowdb::migration {

/// One run: applies what is pending, on an idle connection. Each migration takes the lock anew and
/// commits together with its history row; each begins in a session as it was after connecting.
class Runner {
 public:
  /// Looks who and where the connection is: one round trip. `place` must outlive the runner.
  explicit Runner(const Workplace& place);

  /// See flowdb::Migrator::migrate(). When nothing is pending, and there are no callbacks, one
  /// round trip more and no lock.
  MigrationReport run();

 private:
  void run_all();
  /// Under the lock, in a transaction of its own: takes over another tool's history, or gives the
  /// schema its baseline.
  void establish_history();
  /// Under the lock: other runners may have been faster, and then the plan is another.
  void refresh();
  bool is_done() const { return next_ == situation_.plan().pending.size(); }
  /// Applies the next pending migration; nothing when other runners were faster.
  void apply_next();
  /// One attempt at it. False: it was rolled back for the sake of others, and is to be tried again.
  bool try_next(bool is_last_attempt);
  bool apply(const Script& script, bool is_last_attempt);
  void apply_alone();
  void has_applied(const HistoryRow& row);

  const Workplace& place_;
  Situation situation_;
  Lock lock_;
  Callbacks callbacks_;
  std::size_t next_ = 0;  // of the plan's pending ones
  MigrationReport report_;
};

}  // namespace flowdb::migration
