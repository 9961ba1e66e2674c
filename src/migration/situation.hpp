#pragma once

#include <map>
#include <string>
#include <vector>

#include "migration/history.hpp"
#include "migration/plan.hpp"
#include "migration/progress.hpp"
#include "migration/script.hpp"
#include "migration/workplace.hpp"

namespace flowdb::migration {

/// Files and history side by side, as last seen, and what follows from them.
class Situation {
 public:
  /// Looks who and where the connection is: one round trip. `place` must outlive it.
  Situation(const Workplace& place, const CallLimits& limits);
  Situation(const Situation&) = delete;
  Situation& operator=(const Situation&) = delete;

  History& history() noexcept { return history_; }
  const History& history() const noexcept { return history_; }
  Progress& progress() noexcept { return progress_; }
  const Plan& plan() const noexcept { return plan_; }
  /// Those of plan().pending, in its order.
  const std::vector<Script>& scripts() const noexcept { return scripts_; }
  /// All that stands in the way of a run.
  const std::vector<Problem>& problems() const noexcept { return problems_; }
  const std::map<std::string, std::string>& placeholders(const std::string& script);

  /// Reads the history and makes the plan.
  void read();
  /// Under the lock: does that again if other runners have changed something. True if they have.
  bool refresh();
  /// A script that is not part of the plan: an undo script, a callback.
  Script make_script(const MigrationFile& file, std::vector<Problem>& problems);
  /// \throws MigrationError that lists the problems, if there are any.
  void require_no_problems() const;

  /// Under the lock, when there is none: creates the history.
  /// \throws MigrationError when the schema is in use.
  void create_history();
  /// The migration has been applied: the current version may be its.
  void note_applied(const MigrationFile& file);

  /// Adds what stands in the way of those alone who would create a history: the schema is in use.
  void look_at_schema();

 private:
  void make_plan();
  void check_scripts();

  const Workplace& place_;
  PlanOptions options_;
  History history_;
  Progress progress_;
  PlanNames names_;
  Plan plan_;
  std::vector<Script> scripts_;
  std::vector<Problem> problems_;
  std::map<std::string, std::string> placeholders_;
};

/// What stands in the way of a run on a schema that holds something, but no history.
Problem schema_in_use(const History& history);

}  // namespace flowdb::migration
