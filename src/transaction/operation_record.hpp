#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string_view>

#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "metrics/database_metrics.hpp"

namespace flowdb {

/// What is written and counted of one attempt at one operation: measures from its construction,
/// writes at succeeded() or failed().
class OperationRecord {
 public:
  /// The texts must outlive the record; `operation` is a literal.
  OperationRecord(const config::Settings& settings, metrics::DatabaseMetrics& metrics,
                  std::string_view operation, std::string_view fingerprint, int attempt)
      : OperationRecord(metrics, settings.slow_statement, operation, fingerprint, attempt) {}
  /// `slow_after`: zero for what is never slow.
  OperationRecord(metrics::DatabaseMetrics& metrics, std::chrono::milliseconds slow_after,
                  std::string_view operation, std::string_view fingerprint, int attempt)
      : metrics_(metrics),
        slow_after_(slow_after),
        record_{.database_name = metrics.name(),
                .name = operation,
                .fingerprint = fingerprint,
                .attempt = attempt} {}

  void succeeded(std::uint64_t rows) noexcept;
  /// To be called in a catch clause. A failure behind which another attempt follows is a warning.
  void failed(bool is_retried = false) noexcept;
  /// The operation went its way and found something bad: `outcome`, a word of this library.
  /// Something very bad is an error, otherwise it is a warning.
  void found(std::string_view outcome, bool is_error) noexcept;

 private:
  bool took_long() const noexcept {
    return slow_after_.count() > 0 && record_.duration >= slow_after_;
  }
  /// Counts it, and keeps its statement if it took long.
  void count(metrics::Outcome outcome) noexcept;

  metrics::DatabaseMetrics& metrics_;
  std::chrono::milliseconds slow_after_;
  logging::Operation record_;
  Deadline::Clock::time_point start_ = Deadline::Clock::now();
};

/// Carries an operation out; its record says how it ended.
template <class Call>
auto recorded(metrics::DatabaseMetrics& metrics, std::string_view operation, const Call& call) {
  OperationRecord record{metrics, {}, operation, {}, 1};
  try {
    auto result = call();
    record.succeeded(0);
    return result;
  } catch (...) {
    record.failed();
    throw;
  }
}

}  // namespace flowdb
