// What time does to the connections of a PoolState.
#include <chrono>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pool/pool_state.hpp"
#include "unit/pool/state_driver.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

config::PoolSettings timeless(std::size_t size, std::size_t overflow) {
  auto settings = pool_of(size, overflow);
  settings.max_lifetime = 0ms;
  settings.idle_timeout = 0ms;
  return settings;
}

TEST(PoolStateLifetime, EndsByUpToATenthEarlier_AsChanceSays) {
  struct Case {
    double jitter;
    std::chrono::milliseconds lifetime;
  };
  for (const auto& [jitter, lifetime] : {Case{0.0, 1000ms}, Case{0.5, 950ms}, Case{0.99, 901ms}}) {
    auto settings = timeless(1, 0);
    settings.max_lifetime = 1000ms;
    StateDriver pool{settings, jitter};
    const auto slot = pool.open_idle();
    EXPECT_EQ(pool.state.next_maintenance(pool.now), pool.now + lifetime);
    pool.pass(lifetime - 1ms);
    EXPECT_THAT(pool.state.maintain(pool.now).closes, IsEmpty()) << jitter;
    pool.pass(1ms);
    EXPECT_THAT(pool.state.maintain(pool.now).closes, ElementsAre(slot)) << jitter;
  }
}

TEST(PoolStateLifetime, OfALentConnectionEndsWhenItComesBack_EvenIfSomebodyWaits) {
  auto settings = timeless(1, 0);
  settings.max_lifetime = 1000ms;
  StateDriver pool{settings};
  const auto slot = pool.open();
  Waiter* const waiter = pool.queue();
  pool.pass(1000ms);
  const auto decisions = pool.state.released(slot, pool.now);
  EXPECT_THAT(decisions.closes, ElementsAre(slot));
  EXPECT_THAT(decisions.hand_overs, IsEmpty());
  EXPECT_THAT(pool.state.closed(slot, pool.now).opens, ElementsAre(slot));
  EXPECT_EQ(pool.state.opened(slot, pool.now).hand_overs.at(0).waiter, waiter);
  EXPECT_THAT(pool.state.released(slot, pool.now + 999ms).closes, IsEmpty());
}

TEST(PoolStateLifetime, IsLookedAfter_ThoughTheConnectionWasLentAtTheLastLook) {
  auto settings = timeless(2, 0);
  settings.max_lifetime = 1000ms;
  StateDriver pool{settings};
  const auto slot = pool.open();
  const auto next = pool.state.next_maintenance(pool.now);
  ASSERT_TRUE(next.has_value()) << "nothing else will ask again before a connection is opened";
  EXPECT_LE(*next, pool.now + 1000ms);
  pool.state.released(slot, pool.now + 10ms);
  EXPECT_THAT(pool.state.maintain(pool.now + 1000ms).closes, ElementsAre(slot));
}

TEST(PoolStateOverflow, ClosesAtOnce_WhenItMayNotIdleAndNobodyWaits) {
  auto settings = timeless(1, 1);
  settings.overflow_idle_timeout = 0ms;
  StateDriver pool{settings};
  const auto first = pool.open();
  const auto second = pool.open();
  Waiter* const waiter = pool.queue();
  EXPECT_EQ(pool.state.released(first, pool.now).hand_overs.at(0).waiter, waiter);
  // Whichever comes back is the one too many: it is counts that make overflow, not slots.
  EXPECT_THAT(pool.state.released(first, pool.now).closes, ElementsAre(first));
  EXPECT_EQ(pool.state.counts().overflow, 0U);
  EXPECT_THAT(pool.state.released(second, pool.now).closes, IsEmpty());
}

TEST(PoolStateOverflow, ClosesWhatIdledLongest_WhenItsIdleTimeoutHasPassed) {
  auto settings = timeless(1, 2);
  settings.overflow_idle_timeout = 100ms;
  StateDriver pool{settings};
  const std::vector<std::size_t> slots{pool.open(), pool.open(), pool.open()};
  for (const auto slot : slots) {
    pool.state.released(slot, pool.now);
    pool.pass(10ms);
  }
  EXPECT_EQ(pool.state.counts().overflow, 2U);
  const auto start = pool.now - 30ms;
  EXPECT_EQ(pool.state.next_maintenance(pool.now), start + 100ms);
  EXPECT_THAT(pool.state.maintain(start + 100ms).closes, ElementsAre(slots[0]));
  EXPECT_THAT(pool.state.maintain(start + 110ms).closes, ElementsAre(slots[1]));
  EXPECT_THAT(pool.state.maintain(start + 24h).closes, IsEmpty()) << "pool_size stay";
  EXPECT_EQ(pool.state.next_maintenance(start + 24h), std::nullopt);
}

TEST(PoolStateIdleTimeout, SparesAsManyAsMinIdle) {
  auto settings = timeless(3, 0);
  settings.min_idle = 1;
  settings.idle_timeout = 1000ms;
  StateDriver pool{settings};
  const std::vector<std::size_t> slots{pool.open(), pool.open(), pool.open()};
  for (const auto slot : slots) pool.state.released(slot, pool.now);
  EXPECT_EQ(pool.state.next_maintenance(pool.now), pool.now + 1000ms);
  EXPECT_THAT(pool.state.maintain(pool.now + 999ms).closes, IsEmpty());
  EXPECT_THAT(pool.state.maintain(pool.now + 1000ms).closes, ElementsAre(slots[0], slots[1]));
  EXPECT_EQ(pool.state.next_maintenance(pool.now + 1000ms), std::nullopt);
}

TEST(PoolStateMaintenance, IsDueSoonEnoughForWhatIsLentAndMayIdleTooLong) {
  struct Case {
    std::chrono::milliseconds idle;
    std::chrono::milliseconds overflow_idle;
  };
  for (const auto& [idle, overflow_idle] :
       {Case{1000ms, 1h}, Case{1h, 1000ms}, Case{1000ms, 0ms}, Case{0ms, 1000ms}}) {
    auto settings = timeless(1, 1);
    settings.min_idle = 0;
    settings.idle_timeout = idle;
    settings.overflow_idle_timeout = overflow_idle;
    StateDriver pool{settings};
    pool.open();
    pool.open();
    const auto next = pool.state.next_maintenance(pool.now);
    ASSERT_TRUE(next.has_value());
    EXPECT_GT(*next, pool.now);
    EXPECT_LE(*next, pool.now + 1000ms) << idle.count() << " " << overflow_idle.count();
  }
}

TEST(PoolStateMaintenance, IsNotDue_WhenNothingIsOpenOrNothingCanGrowOld) {
  StateDriver empty{pool_of(2, 2)};
  EXPECT_EQ(empty.state.next_maintenance(empty.now), std::nullopt);
  StateDriver lasting{timeless(2, 0)};
  lasting.open();
  lasting.open_idle();
  EXPECT_EQ(lasting.state.next_maintenance(lasting.now), std::nullopt);
}

}  // namespace
}  // namespace flowdb::pool
