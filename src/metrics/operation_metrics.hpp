#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "metrics/duration_histogram.hpp"
#include "metrics/outcome.hpp"

namespace flowdb::metrics {

/// One attempt at an operation, as it is counted.
struct Attempt {
  Outcome outcome = Outcome::ok;
  std::chrono::nanoseconds duration{0};
  std::uint64_t rows = 0;
  bool is_retry = false;  ///< not the first attempt
  bool is_slow = false;
};

/// What is counted of one operation on one database. Thread-safe.
class OperationMetrics {
 public:
  explicit OperationMetrics(std::string_view name) : name_(name) {}

  const std::string& name() const noexcept { return name_; }

  void record(const Attempt& attempt) noexcept {
    durations_[static_cast<std::size_t>(attempt.outcome)].record(attempt.duration);
    add(rows_, attempt.rows);
    add(retries_, attempt.is_retry ? 1 : 0);
    add(slow_, attempt.is_slow ? 1 : 0);
  }

  DurationCounts durations(Outcome outcome) const noexcept {
    return durations_[static_cast<std::size_t>(outcome)].read();
  }
  bool is_used() const noexcept {
    return std::any_of(durations_.begin(), durations_.end(),
                       [](const auto& durations) { return durations.read().total() > 0; });
  }
  std::uint64_t rows() const noexcept { return rows_.load(std::memory_order_relaxed); }
  std::uint64_t retries() const noexcept { return retries_.load(std::memory_order_relaxed); }
  std::uint64_t slow() const noexcept { return slow_.load(std::memory_order_relaxed); }

 private:
  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t number) noexcept {
    if (number > 0) {
      counter.fetch_add(number, std::memory_order_relaxed);
    }
  }

  const std::string name_;
  std::array<DurationHistogram, kOutcomeCount> durations_;
  std::atomic<std::uint64_t> rows_{0};
  std::atomic<std::uint64_t> retries_{0};
  std::atomic<std::uint64_t> slow_{0};
};

}  // namespace flowdb::metrics
