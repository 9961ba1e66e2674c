#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/migrator.hpp>

#include "database_manager/impl.hpp"
#include "migration/baseline.hpp"
#include "migration/lint/lint_files.hpp"
#include "migration/rehearsal.hpp"
#include "migration/repair.hpp"
#include "migration/runner.hpp"
#include "migration/undo.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {

struct Migrator::Impl {
  DatabaseManager::Impl& manager;
  MigrationOptions options;
  CallSite site;

  metrics::DatabaseMetrics& metrics() const { return manager.executor.engine().metrics(); }

  /// Carries out what writes, for as long as it takes.
  template <class Operation>
  auto write(std::string_view name, const Operation& operation) {
    return recorded(metrics(), name, [&] {
      const auto& database_name = manager.settings.database_name;
      if (manager.settings.read_only) {
        throw ConfigurationError(
            database_name +
                ": the database is configured as read-only, so that migrations cannot run; give "
                "them a role and a manager of their own",
            {.database_name = database_name});
      }
      const auto files = manager.migration_files(options);
      auto lease =
          manager.executor.acquire(Deadline::after(manager.settings.timeout), {name, site});
      lease.set_deadline(Deadline::never());
      return operation(manager.workplace(*lease, files, options));
    });
  }

  /// Carries out what only reads, within the database's timeout.
  template <class Operation>
  auto read(std::string_view name, const Operation& operation) {
    return recorded(metrics(), name, [&] {
      const auto timeout = manager.settings.timeout;
      const auto deadline = Deadline::after(timeout);
      const auto files = manager.migration_files(options);
      const auto lease = manager.executor.acquire(deadline, {name, site});
      return operation(manager.workplace(*lease, files, options),
                       migration::CallLimits{timeout, deadline});
    });
  }
};

Migrator::Migrator(DatabaseManager& manager, CallSite site)
    : Migrator(manager, manager.impl().settings.migrations, site) {}

Migrator::Migrator(DatabaseManager& manager, MigrationOptions options, CallSite site)
    : impl_(std::make_unique<Impl>(Impl{manager.impl(), std::move(options), site})) {}

Migrator::Migrator(Migrator&&) noexcept = default;
Migrator& Migrator::operator=(Migrator&&) noexcept = default;
Migrator::~Migrator() = default;

MigrationReport Migrator::migrate() {
  auto report = impl_->write("run_migrations", [](const migration::Workplace& place) {
    return migration::Runner{place}.run();
  });
  const bool is_complete = !impl_->options.target;
  impl_->metrics().note_migrations(report.current_version,
                                   is_complete ? std::optional<std::size_t>{0} : std::nullopt);
  return report;
}

MigrationStatus Migrator::status() {
  auto status = impl_->read("get_migration_status", migration::status);
  impl_->metrics().note_migrations(status.current_version, status.pending_migrations.size());
  return status;
}

MigrationOverview Migrator::info() {
  return impl_->read("migration_info", migration::overview);
}

MigrationValidation Migrator::validate() {
  return impl_->read("validate_migrations", migration::validation);
}

LintReport Migrator::lint(LintOptions options) {
  if (impl_->options.lock_timeout > std::chrono::milliseconds::zero()) {
    options.has_lock_timeout = true;
  }
  auto& manager = impl_->manager;
  return migration::lint::lint_files(manager.migration_files(impl_->options), manager.settings.type,
                                     options);
}

BaselineReport Migrator::baseline() {
  return impl_->write("baseline_migrations", migration::baseline);
}

RepairReport Migrator::repair() {
  return impl_->write("repair_migrations", migration::repair);
}

MigrationReport Migrator::undo() {
  auto report = impl_->write("undo_migrations", migration::undo);
  impl_->metrics().note_migrations(report.current_version, std::nullopt);
  return report;
}

MigrationPlan Migrator::plan() {
  return impl_->write("plan_migrations", migration::rehearse);
}

}  // namespace flowdb
