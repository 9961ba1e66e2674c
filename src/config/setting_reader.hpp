#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <flowdb/config.hpp>

namespace flowdb::config {

/// One integer setting of a database: where it is found and what it may be.
struct IntegerRule {
  std::string_view key;              ///< behind `{DB}_`: POOL_SIZE
  std::string_view option;           ///< the field of DatabaseOptions: pool_size
  int minimum = 0;                   ///< 0 or 1
  std::string_view shared_key = {};  ///< the default for all databases: CONNECTION_POOL_SIZE
};

/// Reads the settings of one database: the option in code, else `{DB}_{KEY}`, else the key shared
/// by all databases, else the default; and checks the bounds.
/// \throws InvalidArgument for a bad option, ConfigurationError for a bad variable.
class SettingReader {
 public:
  /// Both must outlive the reader.
  SettingReader(const std::string& database_name, const ConfigManager& config);

  /// `POOL_SIZE` → `RPA_DB_POOL_SIZE`.
  std::string key(std::string_view suffix) const;
  /// The variable in force, for a message: `DEVELOPMENT_GLOBAL_RPA_DB_POOL_SIZE`.
  std::string variable(std::string_view suffix) const;

  /// A number of things, at most 10,000.
  int count(const IntegerRule& rule, std::optional<int> option, int fallback) const;
  /// A variable counts in `unit`; an option is at most 100 years.
  std::chrono::milliseconds duration(const IntegerRule& rule,
                                     std::optional<std::chrono::milliseconds> option,
                                     std::chrono::milliseconds fallback,
                                     std::chrono::milliseconds unit = std::chrono::seconds{
                                         1}) const;
  /// As configured; empty when it is not.
  std::string text(std::string_view suffix) const;
  bool flag(std::string_view suffix, std::optional<bool> option) const;

  [[noreturn]] void refuse_option(std::string_view option, const std::string& rule) const;
  [[noreturn]] void refuse(const std::string& message) const;

 private:
  struct Configured {
    int value;
    std::string key;
  };
  std::optional<Configured> integer(const IntegerRule& rule) const;

  const std::string& database_name_;
  const ConfigManager& config_;
};

}  // namespace flowdb::config
