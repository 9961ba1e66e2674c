#include "cli/invocation.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "core/ascii.hpp"

namespace flowdb::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMigrations = "migrations";

std::vector<std::string> folders_of(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{directory, error}) {
    const auto name = entry.path().filename().string();
    if (entry.is_directory(error) && name.front() != '.') names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

void Invocation::print(const nlohmann::json& document) const {
  out_ << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

ConfigManager Invocation::config() const {
  return ConfigManager{{.flow_name = options_.flow,
                        .environment = options_.environment,
                        .project_root = options_.project_root}};
}

std::string Invocation::database() const {
  if (!options_.database.empty()) return options_.database;
  const auto names = folders_of(config().project_root() / kMigrations);
  if (names.size() == 1) return names.front();
  std::string known;
  for (const auto& name : names) known += (known.empty() ? "" : ", ") + name;
  throw ConfigurationError(
      "Which database? Name it with --database or FLOWDB_DATABASE" +
      (known.empty() ? "." : "; the project has migrations for " + known + "."));
}

fs::path Invocation::directory() const {
  if (!options_.directory.empty()) return options_.directory;
  const auto settings = config();
  const auto name = database();
  const auto configured = settings.get_or(to_upper(name) + "_MIGRATIONS_DIR", "");
  const auto below_root = configured.empty() ? fs::path{kMigrations} / name : fs::path{configured};
  return (settings.project_root() / below_root).lexically_normal();
}

DatabaseManager Invocation::open(MigrationOptions migrations) const {
  DatabaseOptions options;
  options.auto_migrate = false;
  if (!options_.directory.empty()) migrations.directory = fs::absolute(options_.directory);
  options.migrations = std::move(migrations);
  return DatabaseManager{database(), config(), options};
}

}  // namespace flowdb::cli
