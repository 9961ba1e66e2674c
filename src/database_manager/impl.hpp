#pragma once

#include <memory>
#include <utility>

#include <flowdb/database_manager.hpp>

#include "config/replica_settings.hpp"
#include "config/settings.hpp"
#include "migration/file_set.hpp"
#include "migration/lookout.hpp"
#include "migration/workplace.hpp"
#include "transaction/executor.hpp"
#include "transaction/read_router.hpp"

namespace flowdb {

/// What a manager consists of; wiring only.
struct DatabaseManager::Impl {
  explicit Impl(config::Settings resolved)
      : settings(std::move(resolved)),
        executor(settings, Engine::of(settings)),
        replica(replica_of(settings)),
        reads(executor, replica != nullptr ? &replica->executor : nullptr) {}

  /// Another server with the same data, for reads.
  struct Replica {
    explicit Replica(config::Settings resolved)
        : settings(std::move(resolved)), executor(settings, Engine::of(settings)) {}
    pool::Pool& pool() noexcept { return executor.engine().pool(); }

    const config::Settings settings;
    Executor executor;
  };
  static std::unique_ptr<Replica> replica_of(const config::Settings& settings) {
    auto of_replica = config::replica_settings(settings);
    return of_replica ? std::make_unique<Replica>(*std::move(of_replica)) : nullptr;
  }

  /// A database that flowdb may not write to has no migrations of its own.
  bool has_migrations() const noexcept {
    return !settings.read_only && settings.type != DatabaseType::mock;
  }

  /// A directory that was named by anybody, else what is embedded in the program, else the usual
  /// directory.
  migration::MigrationFiles migration_files(const MigrationOptions& options) const {
    if (options.directory) return migration::read_directory(*options.directory);
    if (settings.migrations.directory)
      return migration::read_directory(settings.migrations_directory);
    auto embedded = migration::read_embedded(settings.database_name);
    return embedded ? *std::move(embedded)
                    : migration::read_directory(settings.migrations_directory);
  }

  /// Where a migrations' operation works; all that is given must outlive it.
  migration::Workplace workplace(backend::Connection& connection,
                                 const migration::MigrationFiles& files,
                                 const MigrationOptions& options) const {
    return {connection, migration::sql_dialect(settings.type), settings.database_name, files,
            options};
  }

  const config::Settings settings;
  Executor executor;
  const std::unique_ptr<Replica> replica;  // null: there is none
  ReadRouter reads;
};

}  // namespace flowdb
