#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <flowdb/options.hpp>

/// Looks at migrations for PostgreSQL, without a server, for what hurts in a database that is in
/// use: locks that stop everybody, tables that are rewritten, columns that a running program still
/// reads. PostgreSQL's own parser (libpg_query) takes the statements apart; a flowdb that was built
/// without it says so in the report's note. Thread-safe; but that parser turns the process's
/// standard error away while it works, so that what other threads write there meanwhile is lost:
/// this is for tools and tests rather than for a program at work.
namespace flowdb {
inline namespace v0_1 {

struct LintFinding {
  std::string script;   ///< the file's name
  int line = 0;         ///< 1-based
  int column = 0;       ///< 1-based, in characters
  std::string rule;     ///< squawk's name for it: `ban-drop-column`
  std::string message;  ///< what hurts
  std::string remedy;   ///< what to do instead

  nlohmann::json to_json() const;
};

struct LintOptions {
  std::vector<std::string> excluded_rules = {};
  std::vector<std::string> included_rules = {};  ///< those that are off unless they are named
  /// Migrations run with a lock_timeout already: scripts need not set one.
  bool has_lock_timeout = false;
};

struct LintReport {
  std::string note;  ///< why nothing was looked at; empty: all was
  std::vector<LintFinding> findings;
  std::size_t scripts = 0;
  std::size_t statements = 0;

  nlohmann::json to_json() const;
};

struct LintRule {
  std::string_view name;
  std::string_view message;
  std::string_view remedy;
  bool is_opt_in = false;  ///< see LintOptions::included_rules
};

/// All rules, by name.
std::vector<LintRule> lint_rules();

/// Looks at one script. `contents` is the file as it is. A comment before a statement, in it or
/// behind it on its line silences rules for that statement: `-- squawk-ignore ban-drop-column,
/// renaming-table` or `-- flowdb-ignore …`, all of them where none is named; `--
/// squawk-ignore-file` and `-- flowdb-ignore-file` for the whole script. \throws InvalidArgument
/// for a rule in the options that is none.
LintReport lint_script(std::string_view script, std::string_view contents,
                       const LintOptions& options = {});

/// Looks at every migration and callback of a directory. SQL Server's are not looked at: the
/// report's note says so. \throws MigrationError for files that cannot be read or are misnamed.
LintReport lint_migrations(const std::filesystem::path& directory,
                           DatabaseType type = DatabaseType::postgresql,
                           const LintOptions& options = {});

}  // namespace v0_1
}  // namespace flowdb
