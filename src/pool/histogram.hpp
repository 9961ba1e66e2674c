#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include <flowdb/reports.hpp>

#include "metrics/duration_counts.hpp"

namespace flowdb::pool {

/// Durations in buckets that grow with the duration (eight to a doubling, so at most 12.5 % wide);
/// constant memory and time. Not thread-safe.
class Histogram {
 public:
  void record(std::chrono::nanoseconds duration) noexcept;
  /// In milliseconds; a percentile is its bucket's upper end, and never above the maximum.
  Percentiles percentiles() const;
  /// The same durations in the buckets of metrics; one just below a bound may count as above it.
  metrics::DurationCounts counts() const noexcept;

 private:
  static constexpr unsigned kSubBits = 3;
  static constexpr std::size_t kBuckets = (64 - kSubBits) << kSubBits;
  static std::size_t bucket_of(std::uint64_t nanoseconds) noexcept;
  static std::uint64_t upper_end(std::size_t bucket) noexcept;
  double percentile(double part) const;

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace flowdb::pool
