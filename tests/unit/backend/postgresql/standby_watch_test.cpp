#include "backend/postgresql/standby_watch.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace flowdb::backend::postgresql {
namespace {

using namespace std::chrono_literals;
using Lag = std::optional<std::chrono::milliseconds>;

constexpr StandbyWatch::TimePoint kStart{1h};

TEST(StandbyWatch, KnowsNoLag_WhenAllIsReplayedHoweverLongAgoThePrimaryCommitted) {
  StandbyWatch watch{{.max_lag = 1s}};
  EXPECT_EQ(watch.judge({true, true, 24h}, kStart), "");
  EXPECT_EQ(watch.lag(), Lag{0ms});
}

TEST(StandbyWatch, RefusesAServerThatLagsByMoreThanItMay_AndSaysByHowMuch) {
  StandbyWatch watch{{.max_lag = 1s}};
  EXPECT_EQ(watch.judge({true, false, 1000ms}, kStart), "");
  EXPECT_EQ(watch.judge({true, false, 1001ms}, kStart), "lags by 1001 ms, and may lag by 1000 ms");
  EXPECT_EQ(watch.lag(), Lag{1001ms});
  EXPECT_EQ(watch.judge({true, true, 5s}, kStart), "");
}

TEST(StandbyWatch, KnowsThatItLagsNoLongerThanSinceItHadReplayedAll) {
  StandbyWatch watch{{.max_lag = 1s}};
  watch.judge({true, true, 24h}, kStart);
  // The first commit for a day has just arrived.
  EXPECT_EQ(watch.judge({true, false, 24h}, kStart + 200ms), "");
  EXPECT_EQ(watch.lag(), Lag{200ms});
  EXPECT_EQ(watch.judge({true, false, std::nullopt}, kStart + 1s), "");
  EXPECT_NE(watch.judge({true, false, 24h}, kStart + 1002ms), "");
}

TEST(StandbyWatch, TakesNoClockThatIsAheadForALeadOverThePrimary) {
  StandbyWatch watch{{.max_lag = 1s}};
  EXPECT_EQ(watch.judge({true, false, -3s}, kStart), "");
  EXPECT_EQ(watch.lag(), Lag{0ms});
}

TEST(StandbyWatch, RefusesAServerThatIsNoStandby_UnlessItNeedBeNone) {
  StandbyWatch strict{{}};
  EXPECT_NE(strict.judge({false, false, std::nullopt}, kStart), "");
  EXPECT_EQ(strict.lag(), std::nullopt);
  StandbyWatch lenient{{.must_be_standby = false}};
  EXPECT_EQ(lenient.judge({false, false, std::nullopt}, kStart), "");
}

TEST(StandbyWatch, RefusesALagThatCannotBeTold_OnlyWhereThereIsALimit) {
  StandbyWatch limited{{.must_be_standby = false, .max_lag = 1h}};
  EXPECT_EQ(limited.judge({true, false, std::nullopt}, kStart), "does not say how far it lags");
  EXPECT_EQ(limited.judge({false, false, std::nullopt}, kStart), "does not say how far it lags");
  StandbyWatch unlimited{{}};
  EXPECT_EQ(unlimited.judge({true, false, std::nullopt}, kStart), "");
}

TEST(StandbyWatch, LooksAgainAfterASecond_OrHalfOfWhatItMayLag) {
  struct Case {
    std::chrono::milliseconds max_lag;
    std::chrono::milliseconds interval;
  };
  for (const auto& [max_lag, interval] : {Case{0ms, 1s}, {1h, 1s}, {600ms, 300ms}, {1ms, 100ms}}) {
    StandbyWatch watch{{.max_lag = max_lag}};
    EXPECT_TRUE(watch.is_due(kStart)) << "it has never looked";
    watch.judge({true, true, 0ms}, kStart);
    EXPECT_FALSE(watch.is_due(kStart + interval - 1ms)) << max_lag.count();
    EXPECT_TRUE(watch.is_due(kStart + interval)) << max_lag.count();
  }
}

}  // namespace
}  // namespace flowdb::backend::postgresql
