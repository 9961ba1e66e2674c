#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "metrics/duration_counts.hpp"

namespace flowdb::metrics {

/// Durations by bucket, recorded by any number of threads without a lock.
class DurationHistogram {
 public:
  void record(std::chrono::nanoseconds duration) noexcept {
    const auto nanoseconds = nanoseconds_of(duration);
    counts_[duration_bucket(nanoseconds)].fetch_add(1, std::memory_order_relaxed);
    nanoseconds_.fetch_add(nanoseconds, std::memory_order_relaxed);
  }
  DurationCounts read() const noexcept {
    DurationCounts all;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      all.counts[i] = counts_[i].load(std::memory_order_relaxed);
    }
    all.nanoseconds = nanoseconds_.load(std::memory_order_relaxed);
    return all;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kDurationBuckets> counts_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace flowdb::metrics
