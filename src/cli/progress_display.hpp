#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <flowdb/migration_options.hpp>

#include "cli/global_options.hpp"

namespace flowdb::cli {

/// Shows on stderr where a run is: on a terminal one line that changes, elsewhere a line for what
/// was applied and for waiting. Nothing where the options say quiet.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(const GlobalOptions& options);
  ~ProgressDisplay() { clear_line(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// Valid as long as this object.
  std::function<void(const MigrationProgress&)> listener();

 private:
  void show(const MigrationProgress& progress);
  void show_line(const std::string& text);
  void clear_line();

  bool is_quiet_;
  bool is_terminal_;
  bool has_line_ = false;
  bool is_waiting_ = false;
  std::string script_;
  std::chrono::steady_clock::time_point begun_{};
};

}  // namespace flowdb::cli
