#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// What the migrator's operations answer; plain data.

namespace flowdb {
inline namespace v0_1 {

struct PendingMigration {
  std::string version;  ///< `V003`, as its file is named; empty for a repeatable script
  std::string description;
  std::string script;
};

struct AppliedMigration {
  std::string version;
  std::string description;
  std::string script;
  std::string installed_by;
  std::string installed_on;  ///< ISO 8601, UTC
  std::chrono::milliseconds execution_time{0};
  bool success = true;
};

struct MigrationStatus {
  std::string database_name;
  std::string migration_directory;             ///< `embedded:{name}` for those within the program
  std::optional<std::string> current_version;  ///< `V003`
  std::vector<PendingMigration> pending_migrations;
  std::vector<AppliedMigration> applied_migrations;  ///< in the order in which they were applied
  std::size_t total_applied = 0;
  /// What stands in the way of run_migrations(): a changed, missing or failed script …
  std::vector<std::string> problems;

  nlohmann::json to_json() const;
};

/// What run_migrations() or undo() did.
struct MigrationReport {
  std::string database_name;
  std::vector<AppliedMigration> applied;  ///< by this call, in order
  std::optional<std::string> current_version;
  std::chrono::milliseconds duration{0};

  nlohmann::json to_json() const;
};

/// What is wrong between files, history and options.
struct MigrationProblem {
  std::string text;         ///< what is wrong and what to do; one or more lines
  std::string script = {};  ///< the file it is about; empty when it is not about one
  int line = 0;             ///< 1-based; 0: about the file as a whole
  int column = 0;           ///< 1-based, in characters

  nlohmann::json to_json() const;
};

/// How a migration stands; the words of to_string() are Flyway's where it has one.
enum class MigrationState {
  pending,         ///< will run
  success,         ///< was applied
  out_of_order,    ///< was applied after a later version
  failed,          ///< its row says that it failed
  interrupted,     ///< a non-transactional script of which a part was carried out; will go on
  ignored,         ///< below the current version and not applied, out-of-order being off
  above_target,    ///< not applied since the target is below it
  below_baseline,  ///< not applied since the baseline stands for it
  baseline,        ///< the row of a baseline
  missing,         ///< was applied, its file is gone
  future,          ///< was applied by a newer program: above the newest local version
  outdated,        ///< a repeatable script that has changed since it ran
  superseded,      ///< a former run of a repeatable script
  undone,          ///< was applied and then undone
  deleted,         ///< was missing, and repair() has marked it so
  available,       ///< an undo or baseline script that could be used
};

/// `Pending`, `Success`, `Out of Order`, `Failed`, `Interrupted`, `Ignored`, `Above Target`, `Below
/// Baseline`, `Baseline`, `Missing`, `Future`, `Outdated`, `Superseded`, `Undone`, `Deleted`,
/// `Available`.
const char* to_string(MigrationState state) noexcept;

/// A migration that is known from its file, from the history, or from both.
struct MigrationInfo {
  MigrationState state = MigrationState::pending;
  std::string category;  ///< `Versioned`, `Repeatable`, `Undo`, `Baseline`
  std::string version;   ///< `V003`; empty for a repeatable script
  std::string description;
  std::string type;    ///< `SQL`, `BASELINE`, `UNDO_SQL` …, as the history says it
  std::string script;  ///< the file's name
  std::optional<std::int32_t> checksum;          ///< of the file
  std::optional<std::int32_t> applied_checksum;  ///< of the history
  std::optional<int> installed_rank;             ///< none: it was not applied
  std::optional<std::string> installed_by;
  std::optional<std::string> installed_on;  ///< ISO 8601, UTC
  std::optional<std::chrono::milliseconds> execution_time;

  nlohmann::json to_json() const;
};

/// All migrations: those applied in the order of application, then the others by version.
struct MigrationOverview {
  std::string database_name;
  std::string migration_directory;
  std::string history_table;                   ///< `public.schema_version`
  std::optional<std::string> adopted_from;     ///< another tool's table, not yet taken over
  std::optional<std::string> current_version;  ///< `V003`
  std::vector<MigrationInfo> migrations;
  std::vector<MigrationProblem> problems;  ///< what stands in the way of a run

  nlohmann::json to_json() const;
};

/// Whether files and history agree. Pending migrations are no problem.
struct MigrationValidation {
  std::string database_name;
  std::vector<MigrationProblem> problems;
  std::vector<PendingMigration> pending_migrations;

  bool is_valid() const noexcept { return problems.empty(); }
  nlohmann::json to_json() const;
};

struct BaselineReport {
  std::string database_name;
  std::string version;  ///< `V1`
  std::string description;
  bool created = false;  ///< false: the same baseline was there already

  nlohmann::json to_json() const;
};

/// What repair() has changed in the history.
struct RepairReport {
  struct Change {
    std::string action;  ///< `removed failed`, `realigned`, `marked deleted`, `adopted`
    std::string script;
    std::string detail;  ///< `checksum 123 → 456`
  };
  std::string database_name;
  std::vector<Change> changes;

  nlohmann::json to_json() const;
};

/// What a run would do.
struct MigrationPlan {
  struct Lock {
    std::string object;   ///< `public.orders`
    std::string mode;     ///< `AccessExclusiveLock`, as pg_locks calls it
    bool is_new = false;  ///< the run itself has created the object: nobody waits for it
  };
  struct Statement {
    int line = 0;
    int column = 0;
    std::string text;         ///< its beginning, on one line
    std::vector<Lock> locks;  ///< those that the statement takes and no one before it had
    std::chrono::milliseconds duration{0};  ///< in the rehearsal
  };
  struct Step {
    std::string script;
    std::string version;
    std::string description;
    /// All statements and the history's row in one transaction; otherwise each for itself.
    bool is_transactional = true;
    bool is_rehearsed = false;
    std::vector<Statement> statements;
    std::optional<MigrationProblem> failure;  ///< where the rehearsal failed, and ended
    std::string note;                         ///< why it was not rehearsed, for example
  };
  std::string database_name;
  std::optional<std::string> current_version;
  std::vector<Step> steps;
  std::vector<MigrationProblem> problems;  ///< with any, nothing would run

  bool would_succeed() const noexcept;
  nlohmann::json to_json() const;
};

}  // namespace v0_1
}  // namespace flowdb
