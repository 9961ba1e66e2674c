#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <flowdb/database_manager.hpp>
#include <flowdb/reports.hpp>

namespace flowdb {
inline namespace v0_1 {

/// Health and pools of several databases at one moment.
struct PeriodicReport {
  HealthSummary health;
  std::vector<PoolStatus> pools;  ///< in the order of the managers
  std::chrono::system_clock::time_point timestamp;

  nlohmann::json to_json() const;
};

struct PeriodicReporterOptions {
  /// From the start of one report to that of the next; > 0. When a report takes longer, those that
  /// are missed are left out.
  std::chrono::milliseconds interval{std::chrono::minutes{1}};
  /// Is given each report, on the reporter's thread, instead of the log. What it throws is logged
  /// as a warning and ends nothing.
  std::function<void(const PeriodicReport&)> callback = {};
};

/// Reports on health and pools at regular intervals, the first time at once, for as long as it
/// lives: as one record of the log on level info, whose message is the report as JSON, or to a
/// callback. All on one thread of its own.
class PeriodicReporter {
 public:
  /// The managers must outlive the reporter, and not be moved meanwhile.
  /// \throws InvalidArgument without a manager, for a null pointer or an interval that is not
  /// positive; std::system_error when the system has no thread left.
  explicit PeriodicReporter(std::vector<DatabaseManager*> databases,
                            PeriodicReporterOptions options = {});
  PeriodicReporter(PeriodicReporter&&) noexcept;
  PeriodicReporter& operator=(PeriodicReporter&&) noexcept;
  /// Waits for the health check under way, which takes no longer than its database's
  /// health_timeout, or for a callback; not for an interval. A callback may itself destroy the
  /// reporter.
  ~PeriodicReporter();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v0_1
}  // namespace flowdb
