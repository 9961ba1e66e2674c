// What a PoolState does about a server that cannot be reached, and when it is back.
#include <chrono>
#include <cstddef>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pool/pool_state.hpp"
#include "unit/pool/state_driver.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

PoolState::Decisions fail(StateDriver& pool, std::size_t slot,
                          OpenFailure failure = OpenFailure::server) {
  return pool.state.open_failed(slot, failure, pool.now);
}

TEST(PoolStateConnects, AreNoMoreAtATimeThanTheServerIsToBearThough64Wait) {
  StateDriver pool{pool_of(5, 10)};
  std::vector<std::size_t> opening;
  for (int caller = 0; caller < 64; ++caller) {
    pool.queue();
    opening.insert(opening.end(), pool.last.opens.begin(), pool.last.opens.end());
  }
  EXPECT_THAT(opening, ElementsAre(0, 1, 2));
  std::size_t opened = 0;
  while (!opening.empty()) {
    const auto decisions = pool.state.opened(opening.back(), pool.now);
    opening.pop_back();
    EXPECT_THAT(decisions.hand_overs, SizeIs(1));
    opening.insert(opening.end(), decisions.opens.begin(), decisions.opens.end());
    EXPECT_LE(opening.size(), 3U);
    ++opened;
  }
  EXPECT_EQ(opened, 15U);
}

TEST(PoolStateConnects, ThatLastTooLongAreNotCountedAgainstTheOthers) {
  auto settings = pool_of(8, 0);
  settings.breaker_failures = 0;
  StateDriver pool{settings};
  for (int caller = 0; caller < 5; ++caller) pool.queue();
  EXPECT_EQ(pool.state.counts().opening, 3U);
  EXPECT_EQ(pool.state.next_maintenance(pool.now), pool.now + 3s);
  pool.pass(3s);
  EXPECT_THAT(pool.state.maintain(pool.now).opens, ElementsAre(3, 4));
}

TEST(PoolStateBreaker, TurnsAwayAllWhoWait_WhenItOpens_AndWhoComesAfterwards) {
  StateDriver pool{pool_of(5, 10)};
  std::vector<Waiter*> waiters;
  for (int caller = 0; caller < 10; ++caller) waiters.push_back(pool.queue());
  // Each failure is followed by another attempt, until there were enough.
  EXPECT_EQ(fail(pool, 0).failed, waiters[0]);
  EXPECT_EQ(fail(pool, 1).failed, waiters[1]);
  EXPECT_EQ(fail(pool, 2).failed, waiters[2]);
  EXPECT_TRUE(pool.state.turns_away(pool.now));
  EXPECT_EQ(fail(pool, 0).failed, waiters[3]) << "that one was on its way";
  const auto decisions = fail(pool, 1);
  EXPECT_EQ(decisions.failed, waiters[4]);
  EXPECT_THAT(decisions.turned_away, SizeIs(5));
  EXPECT_THAT(decisions.opens, IsEmpty());
  EXPECT_TRUE(pool.state.turns_away(pool.now));
  EXPECT_EQ(pool.state.counts().waiting, 0U);
}

TEST(PoolStateBreaker, ProbesWithOneConnection_AndServesEverybodyWhenThatSucceeds) {
  StateDriver pool{pool_of(5, 10)};
  for (int caller = 0; caller < 3; ++caller) pool.queue();
  for (std::size_t slot = 0; slot < 3; ++slot) fail(pool, slot);
  EXPECT_EQ(pool.state.next_maintenance(pool.now), pool.now + 100ms);
  EXPECT_THAT(pool.state.maintain(pool.now + 99ms).opens, IsEmpty());
  pool.pass(100ms);
  EXPECT_THAT(pool.state.maintain(pool.now).opens, SizeIs(1));
  EXPECT_THAT(pool.state.maintain(pool.now).opens, IsEmpty()) << "one at a time";
  EXPECT_TRUE(pool.state.turns_away(pool.now));
  pool.state.opened(0, pool.now);
  EXPECT_FALSE(pool.state.turns_away(pool.now));
  EXPECT_TRUE(pool.state.acquire(pool.now).has_value()) << "the probe's connection is of use";
  for (int caller = 0; caller < 20; ++caller) pool.queue();
  EXPECT_EQ(pool.state.counts().opening, 3U);
}

TEST(PoolStateBreaker, TakesAnOpeningWithoutAnEndForAFailure_Once) {
  StateDriver pool{pool_of(5, 10)};
  std::vector<Waiter*> waiters;
  for (int caller = 0; caller < 3; ++caller) waiters.push_back(pool.queue());
  pool.pass(3s);
  EXPECT_TRUE(pool.state.maintain(pool.now).is_empty());
  EXPECT_EQ(pool.state.next_maintenance(pool.now), pool.now + 2s);
  pool.pass(2s);
  EXPECT_TRUE(pool.state.maintain(pool.now).is_empty()) << "who waits may still be lucky";
  EXPECT_TRUE(pool.state.turns_away(pool.now)) << "but not who comes now";
  const auto next = pool.state.circuit().next_attempt();
  pool.pass(25s);
  EXPECT_EQ(fail(pool, 0).failed, waiters[0]);
  EXPECT_EQ(pool.state.circuit().next_attempt(), next) << "it was counted before";
  EXPECT_EQ(fail(pool, 1).failed, waiters[1]);
  EXPECT_EQ(pool.state.opened(2, pool.now).hand_overs.at(0).waiter, waiters[2]);
  EXPECT_FALSE(pool.state.turns_away(pool.now));
}

TEST(PoolStateBreaker, PutsAProbeOff_WhileNoSlotIsFree) {
  StateDriver pool{pool_of(1, 0)};
  pool.queue();
  fail(pool, 0, OpenFailure::authentication);
  pool.pass(100ms);
  EXPECT_THAT(pool.state.maintain(pool.now).opens, ElementsAre(0));
  pool.pass(5s);  // the probe has no end
  pool.state.turns_away(pool.now);
  pool.state.maintain(pool.now);
  const auto next = pool.state.next_maintenance(pool.now);
  ASSERT_TRUE(next.has_value());
  pool.now = *next;
  EXPECT_THAT(pool.state.maintain(pool.now).opens, IsEmpty());
  EXPECT_GT(pool.state.next_maintenance(pool.now), pool.now) << "or it would spin";
}

TEST(PoolStateBreaker, LetsCallersWaitForConnectionsThatWork_ThoughNoFurtherOneCanBeHad) {
  StateDriver pool{pool_of(2, 8)};
  const auto lent = pool.open();
  Waiter* const first = pool.queue();
  pool.state.released(lent, pool.now);  // the one that works goes to the first
  Waiter* const second = pool.queue();
  ASSERT_EQ(pool.state.counts().leased, 1U);
  // The server has no room for more: as many attempts as it takes, then a pause.
  while (!pool.state.circuit().is_open()) {
    const auto decisions = fail(pool, 1);
    EXPECT_EQ(decisions.failed, nullptr) << first;
    EXPECT_THAT(decisions.turned_away, IsEmpty());
  }
  EXPECT_FALSE(pool.state.turns_away(pool.now)) << "one more may wait";
  EXPECT_EQ(pool.state.released(lent, pool.now).hand_overs.at(0).waiter, second);
  // The last one that worked is lost: there is nothing to wait for.
  Waiter* const third = pool.queue();
  const auto decisions = pool.state.retired(lent, true, Suspicion::may_be_dead);
  EXPECT_THAT(decisions.turned_away, ElementsAre(third));
  EXPECT_TRUE(pool.state.turns_away(pool.now));
}

TEST(PoolStateSuspicion, ProvesWhatComesBackOfTheOldAge_BeforeTheNextWaiterUsesIt) {
  StateDriver pool{pool_of(3, 0)};
  const auto lost = pool.open();
  const auto lent = pool.open();
  pool.state.retired(lost, true, Suspicion::may_be_dead);
  pool.queue();
  pool.queue();
  pool.queue();
  EXPECT_EQ(pool.state.released(lent, pool.now).hand_overs.at(0).grant.check, Check::round_trip);
  EXPECT_EQ(pool.state.released(lent, pool.now).hand_overs.at(0).grant.check, Check::none);
}

TEST(PoolStateSuspicion, IsNotRaisedAnewByTheOthersOfTheOldAge) {
  StateDriver pool{pool_of(3, 0)};
  const auto first = pool.open();
  const auto second = pool.open();
  pool.state.retired(first, true, Suspicion::may_be_dead);
  const auto fresh = pool.open();
  pool.state.retired(second, true, Suspicion::may_be_dead);
  pool.state.released(fresh, pool.now);
  EXPECT_EQ(pool.state.acquire(pool.now)->check, Check::look);
}

TEST(PoolStateSuspicion, ClosesAllOfTheAge_WhenOneLeadsToTheWrongServer) {
  StateDriver pool{pool_of(5, 0)};
  const auto misled = pool.open();
  const auto lent = pool.open();
  const auto idle = pool.open();
  pool.state.released(idle, pool.now);
  EXPECT_THAT(pool.state.retired(misled, true, Suspicion::wrong_server).closes, ElementsAre(idle));
  const auto fresh = pool.open();
  EXPECT_THAT(pool.state.retired(lent, true, Suspicion::wrong_server).closes, IsEmpty());
  EXPECT_THAT(pool.state.released(fresh, pool.now).closes, IsEmpty()) << "that one is welcome";
}

TEST(PoolStateDrain, IsOverWhenAllOfTheOldAgeAreClosed) {
  StateDriver pool{pool_of(3, 0)};
  const auto lent = pool.open();
  const auto idle = pool.open_idle();
  pool.state.dispose();
  EXPECT_EQ(pool.state.undisposed_leases(), 1U);
  const auto fresh = pool.open();
  pool.state.closed(idle, pool.now);
  EXPECT_FALSE(pool.state.is_disposed_of());
  EXPECT_THAT(pool.state.released(lent, pool.now).closes, ElementsAre(lent));
  EXPECT_EQ(pool.state.undisposed_leases(), 0U);
  EXPECT_FALSE(pool.state.is_disposed_of()) << "it is being closed";
  pool.state.closed(lent, pool.now);
  EXPECT_TRUE(pool.state.is_disposed_of()) << "the fresh one, slot " << fresh << ", may stay";
}

}  // namespace
}  // namespace flowdb::pool
