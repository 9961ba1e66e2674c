#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include <flowdb/config.hpp>
#include <flowdb/options.hpp>

#include "config/pool_settings.hpp"
#include "core/secret.hpp"

namespace flowdb::config {

/// Everything one DatabaseManager needs to know, from code, environment and files, validated.
struct Settings {
  std::string database_name;
  DatabaseType type = DatabaseType::postgresql;
  Secret connection_string;  ///< as configured; see connection_string.hpp for what it means
  bool read_only = false;
  bool allow_plaintext = false;

  Secret replica_connection_string;              ///< empty: there is no replica
  std::chrono::milliseconds replica_max_lag{0};  ///< 0: any
  std::string replica_variable;                  ///< the one to set, for who wants a replica
  bool is_replica = false;                       ///< these are the settings of the replica itself

  PoolSettings pool;
  std::chrono::milliseconds acquire_timeout{std::chrono::milliseconds::max()};  ///< max: the call's
  std::chrono::milliseconds timeout{std::chrono::seconds{30}};
  std::chrono::milliseconds health_timeout{std::chrono::seconds{5}};
  std::chrono::milliseconds health_degraded_after{std::chrono::seconds{5}};
  std::chrono::milliseconds slow_statement{std::chrono::seconds{1}};
  std::size_t statement_cache_size = 256;
  RetryPolicy retry;

  bool auto_migrate = false;
  std::filesystem::path migrations_directory;
  MigrationOptions migrations;
  std::string flow_name;
  std::shared_ptr<backend::BackendFactory> backend;
};

/// Puts the settings of `database_name` together: options in code beat `config`, which beats the
/// defaults. The one place where their bounds are checked.
/// \throws InvalidArgument for an empty database name or a bad option given in code;
/// ConfigurationError for a bad or missing configured value, naming the variable to set.
Settings resolve_settings(const std::string& database_name, const ConfigManager& config,
                          const DatabaseOptions& options);

}  // namespace flowdb::config
