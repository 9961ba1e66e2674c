#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb {
inline namespace v0_1 {

/// When a callback is called; as SQL file, named `{event}.sql` or `{event}__{description}.sql` and
/// lying among the migrations (`beforeMigrate.sql`, `afterEachMigrate__Refresh_rights.sql`).
enum class MigrationEvent {
  before_migrate,       ///< `beforeMigrate`: at the start of a run, also when nothing is pending
  before_each_migrate,  ///< `beforeEachMigrate`: in the migration's transaction, before it
  after_each_migrate,   ///< `afterEachMigrate`: in the migration's transaction, behind it
  after_each_migrate_error,  ///< `afterEachMigrateError`: after a migration was rolled back
  after_migrate,             ///< `afterMigrate`: at the end of a run that succeeded
  after_migrate_applied,     ///< `afterMigrateApplied`: the same, if it has applied anything
  after_migrate_error,       ///< `afterMigrateError`: at the end of a run that failed
  before_undo,               ///< `beforeUndo`
  before_each_undo,          ///< `beforeEachUndo`: in the undo script's transaction, before it
  after_each_undo,           ///< `afterEachUndo`: in the undo script's transaction, behind it
  after_each_undo_error,     ///< `afterEachUndoError`
  after_undo,                ///< `afterUndo`
  after_undo_error,          ///< `afterUndoError`
};

/// `beforeMigrate`, as Flyway calls the event.
const char* to_string(MigrationEvent event) noexcept;

/// What a callback is told, and what it may do. Valid during the call only.
class MigrationCall {
 public:
  virtual ~MigrationCall() = default;

  virtual MigrationEvent event() const noexcept = 0;
  virtual const std::string& database_name() const noexcept = 0;
  /// The migration's file name; empty where the event is not about one.
  virtual const std::string& script() const noexcept = 0;
  /// Runs statements on the migrations' connection: for an event around a migration within that
  /// migration's transaction, otherwise in one of the callback's own.
  /// \throws MigrationError when the server refuses one of them.
  virtual void run(std::string_view sql) = 0;
};

/// Called after the SQL files of the event. What it throws fails the run like a failing migration;
/// at the events for errors it is logged and goes no further.
using MigrationCallback = std::function<void(MigrationCall&)>;

/// Where a long run is; for showing to people. Must not throw and not use the database.
struct MigrationProgress {
  enum class Step {
    waiting,   ///< another process applies migrations
    running,   ///< the statement is about to run
    retrying,  ///< the migration was rolled back since a lock was not free; it will run again
    applied,   ///< the migration has been committed
  };
  Step step = Step::running;
  std::string script = {};     ///< empty while waiting
  std::size_t number = 0;      ///< of the migration in this run, from 1
  std::size_t total = 0;       ///< migrations in this run
  std::size_t statement = 0;   ///< within the script, from 1
  std::size_t statements = 0;  ///< in the script
  int line = 0;                ///< where the statement begins
};

/// What to do with a statement of a non-transactional script of which nobody knows whether it was
/// carried out: a process ended while the statement ran, and looking at the database does not tell.
enum class InterruptedStatement {
  ask,        ///< stop with an error that says what to look at
  run_again,  ///< it was not carried out, or it may run twice
  skip,       ///< it was carried out
};

/// How migrations are run.
struct MigrationOptions {
  /// Instead of the manager's directory, and instead of what is embedded in the program. Relative
  /// to the current directory; in DatabaseOptions::migrations to the project root.
  std::optional<std::filesystem::path> directory = {};
  /// Versioned migrations above this version are left alone, `3.1` or `latest`; default: none is.
  std::optional<std::string> target = {};
  /// A migration below the current version runs too, instead of being an error; default false.
  bool out_of_order = false;
  /// `${name}` in scripts stands for the value; a name without one is an error that names its
  /// place. Not set (the default): `${…}` is text as any other. Set, even without an entry of one's
  /// own, it has `flowdb:database`, `flowdb:schema`, `flowdb:user` and `flowdb:script` as well.
  /// Checksums are those of the files as they lie there.
  std::optional<std::map<std::string, std::string>> placeholders = {};

  /// A schema that is not empty and has no history gets a baseline at `baseline_version` before
  /// the migrations above it run; default false: that is an error.
  bool baseline_on_migrate = false;
  std::string baseline_version = "1";
  std::string baseline_description = "Baseline";
  /// The table of another tool whose history is to be taken over, when it does not have that
  /// tool's default name (`flyway_schema_history`, `pyway`); `schema.table` or `table`.
  std::string adopt_table = {};

  /// How long a statement of a transactional migration waits for a lock; then the migration is
  /// rolled back and tried again, so that it does not hold up everybody who queues behind it.
  /// Default 5 s; 0: as long as the server's settings say.
  std::chrono::milliseconds lock_timeout{std::chrono::seconds{5}};
  /// How often it is tried again, after 0.5 s doubling to 30 s; default 10, ≥ 0.
  int lock_retries = 10;
  InterruptedStatement interrupted_statement = InterruptedStatement::ask;
  /// Non-transactional scripts need a session of their own, which a pooler in transaction mode does
  /// not give, so that they are refused behind any pooler. True: it is known to be in session mode.
  bool pooler_keeps_sessions = false;

  std::map<MigrationEvent, std::vector<MigrationCallback>> callbacks = {};
  std::function<void(const MigrationProgress&)> on_progress = {};
};

}  // namespace v0_1
}  // namespace flowdb
