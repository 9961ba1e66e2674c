#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <flowdb/config.hpp>
#include <flowdb/database_manager.hpp>
#include <flowdb/migration_options.hpp>

#include "cli/global_options.hpp"
#include "cli/terminal.hpp"

namespace flowdb::cli {

/// One call of the command: its global options, where its output goes, and the database that it is
/// about.
class Invocation {
 public:
  Invocation(const GlobalOptions& options, std::ostream& out, const Terminal& terminal)
      : options_(options), out_(out), terminal_(terminal) {}

  const GlobalOptions& options() const noexcept { return options_; }
  /// For people; not to be written to where is_json().
  std::ostream& out() const noexcept { return out_; }
  const Terminal& terminal() const noexcept { return terminal_; }
  bool is_json() const noexcept { return options_.json; }
  void print(const nlohmann::json& document) const;

  /// \throws ConfigurationError
  ConfigManager config() const;
  /// The one named, else the only folder of the project's `migrations`.
  /// \throws ConfigurationError when there is none, or several.
  std::string database() const;
  /// Where its migrations lie: as named, as configured, or `migrations/{database}`.
  std::filesystem::path directory() const;
  /// Never migrates by itself, whatever is configured.
  DatabaseManager open(MigrationOptions migrations = {}) const;

 private:
  const GlobalOptions& options_;
  std::ostream& out_;
  const Terminal& terminal_;
};

}  // namespace flowdb::cli
