#pragma once

#include <string>
#include <utility>
#include <vector>

#include <flowdb/migration_options.hpp>

#include "migration/lock.hpp"
#include "migration/situation.hpp"
#include "migration/workplace.hpp"

namespace flowdb::migration {

/// The project's callbacks: SQL files first, then functions.
class Callbacks {
 public:
  Callbacks(const Workplace& place, Situation& situation);

  bool has(MigrationEvent event) const;
  /// Takes the SQL files apart. \throws MigrationError that lists what cannot be run.
  void check();
  /// Calls them in the transaction under way. \throws MigrationError, and what functions throw.
  void call(MigrationEvent event, const std::string& script = {});
  /// The same in a transaction of their own under the lock, in a session as after connecting.
  void call_alone(MigrationEvent event, Lock& lock);
  /// The same without the lock, for those who hold that of the session.
  void call_unlocked(MigrationEvent event, const std::string& script);
  /// The same after a failure: what goes wrong now is logged, and goes no further.
  void call_after_failure(MigrationEvent event, const std::string& script = {}) noexcept;

 private:
  class Call;
  void run(const Script& script);

  const Workplace& place_;
  Situation& situation_;
  std::vector<std::pair<MigrationEvent, Script>> scripts_;
};

}  // namespace flowdb::migration
