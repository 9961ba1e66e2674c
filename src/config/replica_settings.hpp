#pragma once

#include <optional>

#include "config/setting_reader.hpp"
#include "config/settings.hpp"

namespace flowdb::config {

/// Reads what is said of a replica into `settings`, whose type is known.
/// \throws InvalidArgument for a bad option, ConfigurationError for a bad variable.
void resolve_replica(const SettingReader& reader, const ConfigManager& config,
                     const DatabaseOptions& options, Settings& settings);

/// The settings of the replica: those of its database, but it is another server, nothing is written
/// there, and it is called `{database}/replica`, in errors and reports as well. nullopt: there is
/// none.
std::optional<Settings> replica_settings(const Settings& settings);

}  // namespace flowdb::config
