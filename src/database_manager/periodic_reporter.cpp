#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/periodic_reporter.hpp>

#include "core/failure_text.hpp"
#include "core/iso_time.hpp"
#include "core/ticker.hpp"
#include "logging/log.hpp"
#include "monitoring/health_check.hpp"

namespace flowdb {
namespace {

using Databases = std::vector<DatabaseManager*>;

void check_reporter(const Databases& databases, const PeriodicReporterOptions& options) {
  if (databases.empty()) {
    throw InvalidArgument("A PeriodicReporter needs a database to report on");
  }
  for (const auto* database : databases) {
    if (database == nullptr) {
      throw InvalidArgument("A PeriodicReporter was given a null pointer for a database");
    }
  }
  if (options.interval <= std::chrono::milliseconds::zero()) {
    throw InvalidArgument("A PeriodicReporter's interval must be positive, got " +
                          std::to_string(options.interval.count()) + " ms");
  }
}

/// nullopt: it was to stop before all were asked.
std::optional<PeriodicReport> make_report(const Databases& databases,
                                          const Ticker::Stopping& stopping) {
  PeriodicReport report;
  report.timestamp = std::chrono::system_clock::now();
  std::vector<HealthStatus> health;
  for (auto* database : databases) {
    if (stopping()) {
      return std::nullopt;
    }
    report.pools.push_back(database->get_pool_status());
    health.push_back(database->health_check());
  }
  report.health = monitoring::summarize(std::move(health));
  return report;
}

/// By value: the reporter that both belong to may go while the callback runs.
void report_once(const Databases& databases, const PeriodicReporterOptions& options,
                 const Ticker::Stopping& stopping) noexcept {
  try {
    const auto report = make_report(databases, stopping);
    if (!report) {
      return;
    }
    if (options.callback) {
      options.callback(*report);
    } else if (logging::is_enabled(logging::Level::info)) {
      logging::write(
          logging::Level::info,
          report->to_json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
  } catch (...) {
    logging::write(logging::Level::warning,
                   "a periodic report failed: " + text_of_current_exception());
  }
}

}  // namespace

nlohmann::json PeriodicReport::to_json() const {
  auto list = nlohmann::json::array();
  for (const auto& pool : pools) {
    list.push_back(pool.to_json());
  }
  return {{"health", health.to_json()}, {"pools", list}, {"timestamp", core::iso_time(timestamp)}};
}

struct PeriodicReporter::Impl {
  Ticker ticker;
};

PeriodicReporter::PeriodicReporter(Databases databases, PeriodicReporterOptions options) {
  check_reporter(databases, options);
  const auto interval = options.interval;
  impl_.reset(new Impl{
      Ticker{interval, [databases = std::move(databases), options = std::move(options)](
                           const auto& stopping) { report_once(databases, options, stopping); }}});
}

PeriodicReporter::PeriodicReporter(PeriodicReporter&&) noexcept = default;
PeriodicReporter& PeriodicReporter::operator=(PeriodicReporter&&) noexcept = default;
PeriodicReporter::~PeriodicReporter() = default;

}  // namespace flowdb
