#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace flowdb::metrics {

/// The upper bounds of the buckets in seconds: those that OpenTelemetry advises for
/// db.client.operation.duration, finer below them and on to a minute, as a call's usual timeout is
/// 30 s.
constexpr std::array kDurationBounds{0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1,
                                     0.5,    1.0,    5.0,   10.0,  30.0, 60.0};
/// One more than there are bounds: the last one holds what is longer than all of them.
constexpr std::size_t kDurationBuckets = kDurationBounds.size() + 1;

namespace detail {

constexpr auto nanosecond_bounds() {
  std::array<std::uint64_t, kDurationBounds.size()> bounds{};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    bounds[i] = static_cast<std::uint64_t>(kDurationBounds[i] * 1e9 + 0.5);
  }
  return bounds;
}

}  // namespace detail

constexpr std::size_t duration_bucket(std::uint64_t nanoseconds) noexcept {
  constexpr auto kBounds = detail::nanosecond_bounds();
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && nanoseconds > kBounds[bucket]) {
    ++bucket;
  }
  return bucket;
}

/// Nanoseconds, none for a duration below zero.
constexpr std::uint64_t nanoseconds_of(std::chrono::nanoseconds duration) noexcept {
  return duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0;
}

/// Durations counted by bucket, as they were at one moment.
struct DurationCounts {
  std::array<std::uint64_t, kDurationBuckets> counts{};  ///< of each bucket alone
  std::uint64_t nanoseconds = 0;                         ///< the sum of all durations

  DurationCounts& operator+=(const DurationCounts& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      counts[i] += other.counts[i];
    }
    nanoseconds += other.nanoseconds;
    return *this;
  }
  std::uint64_t total() const noexcept {
    std::uint64_t sum = 0;
    for (const auto count : counts) {
      sum += count;
    }
    return sum;
  }
};

}  // namespace flowdb::metrics
