#include "pool/histogram.hpp"

#include <algorithm>
#include <bit>

namespace flowdb::pool {
namespace {

constexpr double kNanosecondsPerMillisecond = 1e6;

}  // namespace

/// The position of the highest bit chooses the doubling, the three bits below it the part.
std::size_t Histogram::bucket_of(std::uint64_t nanoseconds) noexcept {
  constexpr std::uint64_t kLinear = 1U << kSubBits;
  if (nanoseconds < kLinear) {
    return nanoseconds;
  }
  const auto highest = static_cast<unsigned>(std::bit_width(nanoseconds)) - 1;
  const unsigned shift = highest - kSubBits;
  const std::uint64_t part = (nanoseconds >> shift) & (kLinear - 1);
  return ((static_cast<std::size_t>(shift) + 1) << kSubBits) + part;
}

std::uint64_t Histogram::upper_end(std::size_t bucket) noexcept {
  constexpr std::size_t kLinear = 1U << kSubBits;
  if (bucket < kLinear) {
    return bucket;
  }
  const std::size_t shift = (bucket >> kSubBits) - 1;
  const std::uint64_t part = (bucket & (kLinear - 1)) + kLinear + 1;
  return (part << shift) - 1;
}

void Histogram::record(std::chrono::nanoseconds duration) noexcept {
  const auto nanoseconds = metrics::nanoseconds_of(duration);
  ++counts_[std::min(bucket_of(nanoseconds), kBuckets - 1)];
  ++total_;
  sum_ += nanoseconds;
  max_ = std::max(max_, nanoseconds);
}

double Histogram::percentile(double part) const {
  const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(total_) + 0.5);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets && total_ > 0; ++bucket) {
    seen += counts_[bucket];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) {
      return static_cast<double>(std::min(upper_end(bucket), max_)) / kNanosecondsPerMillisecond;
    }
  }
  return 0;
}

Percentiles Histogram::percentiles() const {
  return {percentile(0.50), percentile(0.95), percentile(0.99),
          static_cast<double>(max_) / kNanosecondsPerMillisecond};
}

metrics::DurationCounts Histogram::counts() const noexcept {
  metrics::DurationCounts folded;
  folded.nanoseconds = sum_;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    if (counts_[bucket] > 0) {
      folded.counts[metrics::duration_bucket(upper_end(bucket))] += counts_[bucket];
    }
  }
  return folded;
}

}  // namespace flowdb::pool
