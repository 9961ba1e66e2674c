#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <flowdb/migration_options.hpp>

namespace flowdb::cli {

/// The options of the commands that look at migrations or run them.
class MigrationFlags {
 public:
  /// What may run: --target, --out-of-order, --placeholder, --adopt-table.
  void declare_selection(CLI::App& command);
  /// How it runs: lock timeout and retries, interrupted statements, baseline.
  void declare_execution(CLI::App& command);
  void declare_baseline(CLI::App& command);

  /// \throws InvalidArgument for a placeholder without `=` and a word that is none.
  MigrationOptions options() const;

 private:
  MigrationOptions given_;
  std::string target_;
  std::vector<std::string> placeholders_;
  bool has_placeholders_ = false;
  double lock_timeout_ = -1;  // seconds; negative: not given
  std::string interrupted_ = "ask";
};

}  // namespace flowdb::cli
