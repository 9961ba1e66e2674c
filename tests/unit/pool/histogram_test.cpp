#include "pool/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(Histogram, SaysNothing_WhenNothingWasRecorded) {
  const auto times = Histogram{}.percentiles();
  EXPECT_EQ(times.p50, 0);
  EXPECT_EQ(times.p99, 0);
  EXPECT_EQ(times.max, 0);
}

TEST(Histogram, GivesEachDurationBackWithinAnEighth_AndTheGreatestExactly) {
  std::mt19937_64 random{7};
  std::vector<std::int64_t> samples{0, 1, 7, 8, 9, 15, 16, 17, 1'000'000};
  for (int bit = 4; bit < 63; ++bit) {
    const auto power = std::int64_t{1} << bit;
    for (const auto sample : {power - 1, power, power + 1}) samples.push_back(sample);
    samples.push_back(power +
                      static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(power)));
  }
  samples.push_back(std::numeric_limits<std::int64_t>::max());
  for (const auto sample : samples) {
    Histogram histogram;
    histogram.record(nanoseconds{sample});
    histogram.record(nanoseconds::max());
    const double exact = static_cast<double>(sample) / 1e6;
    const double given = histogram.percentiles().p50;
    EXPECT_GE(given, exact) << sample;
    EXPECT_LE(given, exact * 1.125) << sample;
    Histogram alone;
    alone.record(nanoseconds{sample});
    EXPECT_EQ(alone.percentiles().p50, exact) << sample;
    EXPECT_EQ(alone.percentiles().max, exact) << sample;
  }
}

TEST(Histogram, OrdersItsPercentiles) {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(std::chrono::milliseconds{i});
  const auto times = histogram.percentiles();
  EXPECT_NEAR(times.p50, 500, 500 * 0.125);
  EXPECT_NEAR(times.p95, 950, 950 * 0.125);
  EXPECT_NEAR(times.p99, 990, 990 * 0.125);
  EXPECT_EQ(times.max, 1000);
  EXPECT_LE(times.p99, times.max);
}

TEST(Histogram, CountsInTheBucketsOfMetrics_WithTheExactSum) {
  Histogram histogram;
  for (const auto duration : {50us, 70us, 3000us, 20'000'000us, 100'000'000us}) {
    histogram.record(duration);
  }
  const auto counts = histogram.counts();
  const auto in_bucket_of = [&](nanoseconds duration) {
    return counts.counts[metrics::duration_bucket(metrics::nanoseconds_of(duration))];
  };
  EXPECT_EQ(in_bucket_of(100us), 2U) << "a bound belongs to the bucket below it";
  EXPECT_EQ(in_bucket_of(101us), 0U);
  EXPECT_EQ(in_bucket_of(5ms), 1U);
  EXPECT_EQ(in_bucket_of(30s), 1U);
  EXPECT_EQ(in_bucket_of(1h), 1U);
  EXPECT_EQ(counts.total(), 5U);
  EXPECT_EQ(counts.nanoseconds, 120'003'120'000U);
}

TEST(Histogram, TakesADurationBelowZeroForNone) {
  Histogram histogram;
  histogram.record(-5ms);
  EXPECT_EQ(histogram.percentiles().max, 0);
}

}  // namespace
}  // namespace flowdb::pool
