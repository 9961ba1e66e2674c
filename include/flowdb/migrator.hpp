#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <flowdb/call_site.hpp>
#include <flowdb/lint.hpp>
#include <flowdb/migration_options.hpp>
#include <flowdb/migration_reports.hpp>

namespace flowdb {
inline namespace v0_1 {

class DatabaseManager;

/// All that can be done with the migrations of a database: exactly once, whatever number of
/// processes try at the same time. Uses the manager's connections and must not outlive it. A
/// Migrator may be used by one thread at a time, several of one manager by several threads.
///
/// Every call may throw MigrationError: for files that are misnamed or cannot be read, for a
/// history that cannot be read or written (with the GRANT that helps) and for what the call itself
/// says; ConnectionError or TimeoutError when the server cannot be reached; ConfigurationError
/// where the database is configured as read-only and the call would write.
class Migrator {
 public:
  /// With the manager's own DatabaseOptions::migrations. `site` is what reports on who holds a
  /// connection say of its calls.
  explicit Migrator(DatabaseManager& manager, CallSite site = CallSite::here());
  Migrator(DatabaseManager& manager, MigrationOptions options, CallSite site = CallSite::here());
  Migrator(Migrator&&) noexcept;
  Migrator& operator=(Migrator&&) noexcept;
  ~Migrator();

  /// Applies what is pending, in order, and stops at the first failure: what was applied before
  /// stays. All that stands in the way is reported together, before anything runs.
  /// \throws MigrationError with script, line and column; CommitUnknownError.
  MigrationReport migrate();

  // -- These never write, and need no more than the right to read

  MigrationStatus status();
  MigrationOverview info();
  MigrationValidation validate();

  /// What of the migrations, embedded or in a directory, hurts in a database that is in use; see
  /// lint_migrations(). Asks no server.
  LintReport lint(LintOptions options = {});

  // -- These change the history

  /// Says of a database that it already has what the migrations up to baseline_version would do.
  /// \throws MigrationError when the history has rows of another kind.
  BaselineReport baseline();
  /// Puts the history right: removes failed rows, takes over the files' checksums, descriptions and
  /// types, and marks applied migrations whose file is missing as deleted. Scripts that were
  /// interrupted are left alone, since the next run goes on with them.
  RepairReport repair();
  /// Takes back, by its `U…` script, the migration that was applied last; with a target all those
  /// above it, one after another. \throws MigrationError also for one that has no such script.
  MigrationReport undo();

  /// What migrate() would do. Rehearses the transactional scripts in one transaction that is rolled
  /// back; the locks are real ones and held meanwhile.
  MigrationPlan plan();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The file name for a new versioned migration of that directory (which need not exist): the next
/// version, written with as many digits as the last one has (`V005__Add_index.sql`; the first is
/// `V001`). \throws MigrationError for a description that cannot be one and for misnamed files.
std::string next_migration_name(const std::filesystem::path& directory,
                                std::string_view description);

}  // namespace v0_1
}  // namespace flowdb
