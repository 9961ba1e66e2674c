#pragma once

#include <memory>

#include <flowdb/database_manager.hpp>

#include "config/settings.hpp"
#include "migration/migrator.hpp"
#include "transaction/executor.hpp"

namespace flowdb {

/// What a manager consists of; wiring only.
struct DatabaseManager::Impl {
  explicit Impl(config::Settings resolved)
      : settings(std::move(resolved)),
        executor(settings, Engine::of(settings)),
        migrator(settings.database_name, settings.migrations_directory,
                 migration::sql_dialect(settings.type)) {}

  /// A database that flowdb may not write to has no migrations of its own.
  bool has_migrations() const noexcept {
    return !settings.read_only && settings.type != DatabaseType::mock;
  }

  const config::Settings settings;
  Executor executor;
  migration::Migrator migrator;
};

}  // namespace flowdb
