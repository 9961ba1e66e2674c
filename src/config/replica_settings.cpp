#include "config/replica_settings.hpp"

#include <chrono>
#include <string>

#include "config/connection_string_type.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

constexpr const char* kKey = "REPLICA_CONNECTION_STRING";
constexpr const char* kLagKey = "REPLICA_MAX_LAG_MS";

void check_type(const SettingReader& reader, const std::string& text, const Settings& settings,
                const std::string& name) {
  const auto implied = connection_string_type(text);
  const bool is_unknown_scheme = !implied && !connection_string_scheme(text).empty();
  if (is_unknown_scheme || (implied && *implied != settings.type)) {
    const std::string type = to_string(settings.type);
    reader.refuse("The type of '" + settings.database_name + "' is " + type + ", but " + name +
                  " is not for " + type + ": expected " +
                  accepted_connection_strings(settings.type));
  }
}

}  // namespace

void resolve_replica(const SettingReader& reader, const ConfigManager& config,
                     const DatabaseOptions& options, Settings& settings) {
  const auto key = reader.key(kKey);
  const bool is_scripted = settings.type == DatabaseType::mock || options.backend != nullptr;
  const auto& option = options.replica_connection_string;
  const auto text = option || is_scripted ? option.value_or("") : config.get_or(key, "");
  settings.replica_variable = config.global_variable(key);
  settings.replica_max_lag =
      reader.duration({kLagKey, "replica_max_lag"}, options.replica_max_lag,
                      settings.replica_max_lag, std::chrono::milliseconds{1});
  if (trim(text).empty()) {
    return;
  }
  const auto name = option ? "DatabaseOptions::replica_connection_string" : reader.variable(kKey);
  if (!is_scripted) {
    check_type(reader, text, settings, name);
  }
  if (settings.replica_max_lag.count() > 0 && settings.type == DatabaseType::sqlserver) {
    reader.refuse("'" + settings.database_name +
                  "' is on SQL Server, whose replicas do not say how far they lag: unset " +
                  reader.variable(kLagKey));
  }
  settings.replica_connection_string = Secret{text};
}

std::optional<Settings> replica_settings(const Settings& settings) {
  if (settings.replica_connection_string.empty()) {
    return std::nullopt;
  }
  auto replica = settings;
  replica.database_name += "/replica";
  replica.connection_string = settings.replica_connection_string;
  replica.replica_connection_string = Secret{};
  replica.is_replica = true;
  replica.read_only = true;
  replica.auto_migrate = false;
  return replica;
}

}  // namespace flowdb::config
