#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/migrator.hpp>

#include "database_manager/impl.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {

struct Migrator::Impl {
  DatabaseManager::Impl& manager;
  MigrationOptions options;
  CallSite site;
};

Migrator::Migrator(DatabaseManager& manager, CallSite site)
    : Migrator(manager, manager.impl().settings.migrations, site) {}

Migrator::Migrator(DatabaseManager& manager, MigrationOptions options, CallSite site)
    : impl_(std::make_unique<Impl>(Impl{manager.impl(), std::move(options), site})) {}

Migrator::Migrator(Migrator&&) noexcept = default;
Migrator& Migrator::operator=(Migrator&&) noexcept = default;
Migrator::~Migrator() = default;

MigrationReport Migrator::migrate() {
  auto& manager = impl_->manager;
  return recorded(manager.settings, "run_migrations", [&] {
    const auto& name = manager.settings.database_name;
    if (manager.settings.read_only) {
      throw ConfigurationError(name +
                                   ": the database is configured as read-only, so that migrations "
                                   "cannot run; give them a role and a manager of their own",
                               {.database_name = name});
    }
    auto lease = manager.executor.acquire(Deadline::after(manager.settings.timeout),
                                          {"run_migrations", impl_->site});
    lease.set_deadline(Deadline::never());
    return manager.migrator.run(*lease);
  });
}

MigrationStatus Migrator::status() {
  auto& manager = impl_->manager;
  return recorded(manager.settings, "get_migration_status", [&] {
    const auto timeout = manager.settings.timeout;
    const auto deadline = Deadline::after(timeout);
    const auto lease = manager.executor.acquire(deadline, {"get_migration_status", impl_->site});
    return manager.migrator.status(*lease, deadline, timeout);
  });
}

MigrationValidation Migrator::validate() {
  auto found = status();
  MigrationValidation validation;
  validation.database_name = std::move(found.database_name);
  validation.pending_migrations = std::move(found.pending_migrations);
  for (auto& problem : found.problems) validation.problems.push_back({.text = std::move(problem)});
  return validation;
}

}  // namespace flowdb
