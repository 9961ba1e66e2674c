#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace flowdb {
inline namespace v0_1 {

/// Where a value may come from beside the process environment and the .env files: a vault, a
/// secret manager. Gets a full variable name such as `DEVELOPMENT_GLOBAL_RPA_DB_CONNECTION_STRING`
/// and answers the value, or nullopt when it has none. Asked first, before the process
/// environment. Must be thread-safe; what it throws reaches the caller unchanged.
using CredentialProvider = std::function<std::optional<std::string>(std::string_view variable)>;

/// Whose configuration to read, and from where.
struct ConfigOptions {
  /// The flow; its own variables `{ENVIRONMENT}_{FLOW}_{KEY}` and its own file come first. May be
  /// empty: then only the GLOBAL ones are read.
  std::string flow_name = {};
  /// Empty: FLOWDB_ENVIRONMENT, else PREFECT_ENVIRONMENT, else `development`.
  std::string environment = {};
  /// Empty: FLOWDB_PROJECT_ROOT, else the current directory.
  std::filesystem::path project_root = {};
  CredentialProvider credential_provider = {};
};

/// Reads the project's settings: the files core/envs/.env.{environment} and
/// flows/{flow}/.env.{environment} below the project root, in python-dotenv's syntax, and the
/// process environment, which is never changed.
///
/// For a KEY, `{ENVIRONMENT}_{FLOW}_{KEY}` beats `{ENVIRONMENT}_GLOBAL_{KEY}`; for either of them
/// the credential provider beats the process environment, which beats the flow's file, which beats
/// the global file. A variable that ends in `_FILE` names a file that holds the value.
///
/// The files are read once, at construction. Immutable afterwards, cheap to copy, thread-safe.
class ConfigManager {
 public:
  /// \throws ConfigurationError for a file with a bad line (names file and line, shows no value).
  explicit ConfigManager(ConfigOptions options = {});

  const std::string& flow_name() const noexcept;
  const std::string& environment() const noexcept;
  const std::filesystem::path& project_root() const noexcept;

  /// The value of KEY (any case), or nullopt when it is set nowhere.
  /// \throws ConfigurationError when a `_FILE` variable names a file that cannot be read, or when
  /// a variable and its `_FILE` twin are both set in the same place.
  std::optional<std::string> get(std::string_view key) const;
  std::string get_or(std::string_view key, std::string_view fallback) const;

  /// \throws ConfigurationError `… must be a positive integer, got: 'abc'`.
  std::optional<int> get_positive_integer(std::string_view key) const;
  /// \throws ConfigurationError `… must not be negative, got: '-1'`.
  std::optional<int> get_non_negative_integer(std::string_view key) const;
  /// true, 1, yes, on, enabled; false, 0, no, off, disabled; in any case.
  std::optional<bool> get_boolean(std::string_view key) const;

  /// The variable to set for KEY so that every flow sees it: `DEVELOPMENT_GLOBAL_RPA_DB_TYPE`.
  std::string global_variable(std::string_view key) const;
  /// The variable under which KEY was found; the global one when it was not.
  std::string variable_in_force(std::string_view key) const;
  /// Where KEY was looked for, as an error message says it:
  /// `process environment, core/envs/.env.development`. Files that do not exist are left out,
  /// but for the global one.
  std::string places_searched() const;

 private:
  struct Contents;
  std::shared_ptr<const Contents> contents_;
};

}  // namespace v0_1
}  // namespace flowdb
