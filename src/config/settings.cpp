#include "config/settings.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <flowdb/error.hpp>

#include "config/connection_string_type.hpp"
#include "config/replica_settings.hpp"
#include "config/setting_reader.hpp"
#include "config/variable_name.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

using std::chrono::milliseconds;

void check_database_name(const std::string& name) {
  if (name.empty()) {
    throw InvalidArgument("A database name must not be empty");
  }
  if (!is_plain_name(name)) {
    throw InvalidArgument("A database name may hold " + std::string{kNameRule} +
                          ", since it names variables and a folder");
  }
}

std::string find_connection_string(const SettingReader& reader, const ConfigManager& config,
                                   const DatabaseOptions& options, const Settings& settings) {
  if (options.connection_string) {
    if (trim(*options.connection_string).empty()) {
      reader.refuse_option("connection_string", "must not be empty");
    }
    return *options.connection_string;
  }
  const auto key = reader.key("CONNECTION_STRING");
  auto text = config.get_or(key, "");
  if (trim(text).empty()) {
    reader.refuse("Connection string not configured for '" + settings.database_name + "'. Set " +
                  config.global_variable(key) + " (looked in: " + config.places_searched() + ").");
  }
  return text;
}

std::optional<DatabaseType> configured_type(const SettingReader& reader,
                                            const ConfigManager& config) {
  const auto text = config.get_or(reader.key("TYPE"), "");
  const auto word = to_lower(trim(text));
  if (word.empty()) {
    return std::nullopt;
  }
  for (const auto type : {DatabaseType::postgresql, DatabaseType::sqlserver}) {
    if (word == to_string(type)) {
      return type;
    }
  }
  reader.refuse(reader.variable("TYPE") + " must be 'postgresql' or 'sqlserver'");
}

[[noreturn]] void refuse_type(const SettingReader& reader, const DatabaseOptions& options,
                              const Settings& settings, std::optional<DatabaseType> given) {
  const auto text_name = options.connection_string ? "DatabaseOptions::connection_string"
                                                   : reader.variable("CONNECTION_STRING");
  const auto type_name = options.type ? "DatabaseOptions::type" : reader.variable("TYPE");
  if (given) {
    const std::string type = to_string(*given);
    reader.refuse("The type of '" + settings.database_name + "' is " + type + " (" + type_name +
                  "), but " + text_name + " is not for " + type + ": expected " +
                  accepted_connection_strings(*given));
  }
  reader.refuse(text_name + " does not show the type of '" + settings.database_name + "'. Set " +
                type_name + " to 'postgresql' or 'sqlserver'; expected for the former: " +
                accepted_connection_strings(DatabaseType::postgresql) +
                "; for the latter: " + accepted_connection_strings(DatabaseType::sqlserver));
}

void resolve_server(const SettingReader& reader, const ConfigManager& config,
                    const DatabaseOptions& options, Settings& settings) {
  const auto text = find_connection_string(reader, config, options, settings);
  const auto given = options.type ? options.type : configured_type(reader, config);
  const auto implied = connection_string_type(text);
  const bool is_unknown_scheme = !implied && !connection_string_scheme(text).empty();
  const bool is_mismatch = given && implied && *given != *implied;
  if (is_unknown_scheme || is_mismatch || (!given && !implied)) {
    refuse_type(reader, options, settings, given);
  }
  settings.type = given ? *given : *implied;
  settings.connection_string = Secret{text};
}

void resolve_times(const SettingReader& reader, const DatabaseOptions& options,
                   Settings& settings) {
  settings.acquire_timeout = reader.duration({"ACQUIRE_TIMEOUT", "acquire_timeout", 1},
                                             options.acquire_timeout, settings.acquire_timeout);
  settings.timeout = reader.duration({"TIMEOUT", "timeout", 1, "DATABASE_TIMEOUT"}, options.timeout,
                                     settings.timeout);
  settings.health_timeout = reader.duration({"HEALTH_TIMEOUT", "health_timeout", 1},
                                            options.health_timeout, settings.health_timeout);
  const auto degraded = reader.duration({"HEALTH_DEGRADED_AFTER_MS", "health_degraded_after"},
                                        options.health_degraded_after,
                                        settings.health_degraded_after, milliseconds{1});
  settings.health_degraded_after = std::min(degraded, settings.health_timeout);
  settings.slow_statement =
      reader.duration({"SLOW_STATEMENT_MS", "slow_statement"}, options.slow_statement,
                      settings.slow_statement, milliseconds{1});
}

std::size_t resolve_statement_cache(const SettingReader& reader, const DatabaseOptions& options,
                                    std::size_t fallback) {
  const IntegerRule rule{"STATEMENT_CACHE_SIZE", "statement_cache_size", 0};
  return static_cast<std::size_t>(
      reader.count(rule, options.statement_cache_size, static_cast<int>(fallback)));
}

RetryPolicy resolve_retry(const SettingReader& reader, const DatabaseOptions& options) {
  auto retry = options.retry.value_or(RetryPolicy{});
  const IntegerRule attempts{"RETRY_ATTEMPTS", "retry.max_attempts", 1};
  const auto given = options.retry ? std::optional{retry.max_attempts} : std::nullopt;
  retry.max_attempts = reader.count(attempts, given, retry.max_attempts);
  const auto check = [&reader](bool is_valid, std::string_view field, const char* rule) {
    if (!is_valid) {
      reader.refuse_option("retry." + std::string{field}, rule);
    }
  };
  const auto zero = milliseconds::zero();
  check(retry.min_wait >= zero, "min_wait", "must not be negative");
  check(retry.max_wait >= retry.min_wait, "max_wait", "must not be below min_wait");
  check(retry.multiplier >= 0 && std::isfinite(retry.multiplier), "multiplier",
        "must be a number that is not negative");
  check(retry.jitter >= 0 && retry.jitter <= 1, "jitter", "must be from 0 to 1");
  check(retry.conflict_min_wait >= zero, "conflict_min_wait", "must not be negative");
  check(retry.conflict_max_wait >= retry.conflict_min_wait, "conflict_max_wait",
        "must not be below conflict_min_wait");
  check(retry.max_conflict_attempts >= 0, "max_conflict_attempts", "must not be negative");
  return retry;
}

void resolve_migrations(const SettingReader& reader, const ConfigManager& config,
                        const DatabaseOptions& options, Settings& settings) {
  settings.read_only = reader.flag("READ_ONLY", options.read_only);
  settings.auto_migrate = reader.flag("AUTO_MIGRATE", options.auto_migrate);
  if (settings.read_only && settings.auto_migrate) {
    reader.refuse("'" + settings.database_name +
                  "' is read-only and cannot migrate: unset either " +
                  reader.variable("READ_ONLY") + " or " + reader.variable("AUTO_MIGRATE"));
  }
  std::filesystem::path directory =
      options.migrations_directory.value_or(config.get_or(reader.key("MIGRATIONS_DIR"), ""));
  settings.migrations = options.migrations.value_or(MigrationOptions{});
  if (settings.migrations.directory) directory = *settings.migrations.directory;
  const bool is_given = !directory.empty();
  if (!is_given) {
    directory = std::filesystem::path{"migrations"} / settings.database_name;
  }
  settings.migrations_directory = (config.project_root() / directory).lexically_normal();
  if (is_given) settings.migrations.directory = settings.migrations_directory;
}

}  // namespace

Settings resolve_settings(const std::string& database_name, const ConfigManager& config,
                          const DatabaseOptions& options) {
  check_database_name(database_name);
  const SettingReader reader{database_name, config};
  Settings settings;
  settings.database_name = database_name;
  settings.flow_name = config.flow_name();
  settings.backend = options.backend;
  if (options.backend || options.type == DatabaseType::mock) {
    settings.type = options.type.value_or(DatabaseType::mock);
    settings.connection_string = Secret{options.connection_string.value_or("")};
  } else {
    resolve_server(reader, config, options, settings);
  }
  settings.allow_plaintext = reader.flag("ALLOW_PLAINTEXT", options.allow_plaintext);
  resolve_replica(reader, config, options, settings);
  settings.pool = resolve_pool(reader, options);
  resolve_times(reader, options, settings);
  settings.retry = resolve_retry(reader, options);
  settings.statement_cache_size =
      resolve_statement_cache(reader, options, settings.statement_cache_size);
  resolve_migrations(reader, config, options, settings);
  return settings;
}

}  // namespace flowdb::config
