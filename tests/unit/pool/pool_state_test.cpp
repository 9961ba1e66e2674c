#include "pool/pool_state.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/pool/state_driver.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(PoolStateQueue, OpensAConnectionForEveryCallerAsFarAsThereAreSlots) {
  StateDriver pool{pool_of(1, 2)};
  EXPECT_FALSE(pool.state.acquire(pool.now).has_value());
  std::vector<std::size_t> opens;
  for (int caller = 0; caller < 5; ++caller) {
    pool.queue();
    for (const auto slot : pool.last.opens) opens.push_back(slot);
  }
  EXPECT_THAT(opens, ElementsAre(0, 1, 2));
  EXPECT_EQ(pool.state.counts().waiting, 5U);
  EXPECT_EQ(pool.state.counts().opening, 3U);
  EXPECT_FALSE(pool.state.is_exhausted()) << "one of them may still arrive";
}

TEST(PoolStateQueue, IsServedInTheOrderOfArrival_WhicheverConnectionComesFirst) {
  StateDriver pool{pool_of(2, 0)};
  const auto lent = pool.open();
  std::vector<Waiter*> queue;
  std::vector<std::size_t> opening;
  for (int i = 0; i < 4; ++i) {
    queue.push_back(pool.queue());
    for (const auto slot : pool.last.opens) opening.push_back(slot);
  }
  ASSERT_THAT(opening, ElementsAre(1));
  // The first in the queue gets what comes back first, though a connection is being opened for him.
  for (const Waiter* waiter : {queue[0], queue[1]}) {
    const auto decisions = pool.state.released(lent, pool.now);
    ASSERT_EQ(decisions.hand_overs.size(), 1U);
    EXPECT_EQ(decisions.hand_overs[0].waiter, waiter);
    EXPECT_EQ(decisions.hand_overs[0].grant.slot, lent);
    EXPECT_EQ(decisions.hand_overs[0].grant.check, Check::none);
  }
  EXPECT_EQ(pool.state.opened(opening[0], pool.now).hand_overs.at(0).waiter, queue[2]);
  EXPECT_EQ(pool.state.released(opening[0], pool.now).hand_overs.at(0).waiter, queue[3]);
}

TEST(PoolStateQueue, LetsNobodyPassByThoseWhoWait) {
  StateDriver pool{pool_of(1, 0)};
  const auto slot = pool.open();
  Waiter* const waiting = pool.queue();
  EXPECT_FALSE(pool.state.acquire(pool.now).has_value());
  // Who was given a dead connection stands first again.
  Waiter* const returned = pool.queue(true);
  EXPECT_EQ(pool.state.released(slot, pool.now).hand_overs.at(0).waiter, returned);
  EXPECT_EQ(pool.state.released(slot, pool.now).hand_overs.at(0).waiter, waiting);
}

TEST(PoolStateQueue, ForgetsWhoGivesUp_UnlessHeWasServedMeanwhile) {
  StateDriver pool{pool_of(1, 0)};
  const auto slot = pool.open();
  Waiter* const gone = pool.queue();
  Waiter* const patient = pool.queue();
  EXPECT_TRUE(pool.state.stop_waiting(gone));
  EXPECT_EQ(pool.state.released(slot, pool.now).hand_overs.at(0).waiter, patient);
  EXPECT_FALSE(pool.state.stop_waiting(patient));
  EXPECT_EQ(pool.state.counts().waiting, 0U);
}

TEST(PoolStateOpening, ThatFailsAnswersWhoWaitsLongest_AndIsTriedAgainForTheOthers) {
  StateDriver pool{pool_of(1, 0)};
  Waiter* const first = pool.queue();
  Waiter* const second = pool.queue();
  auto decisions = pool.state.open_failed(0, OpenFailure::server, pool.now);
  EXPECT_EQ(decisions.failed, first);
  EXPECT_THAT(decisions.opens, ElementsAre(0));
  decisions = pool.state.open_failed(0, OpenFailure::server, pool.now);
  EXPECT_EQ(decisions.failed, second);
  EXPECT_THAT(decisions.opens, IsEmpty());
  EXPECT_EQ(pool.state.counts().opening, 0U);
}

TEST(PoolStateOpening, ThatFailsWhenNobodyWaitsIsForgotten) {
  StateDriver pool{pool_of(1, 0)};
  Waiter* const gone = pool.queue();
  pool.state.stop_waiting(gone);
  const auto decisions = pool.state.open_failed(0, OpenFailure::server, pool.now);
  EXPECT_EQ(decisions.failed, nullptr);
  EXPECT_THAT(decisions.opens, IsEmpty());
}

TEST(PoolStateOpening, ThatComesLateJoinsThePool) {
  StateDriver pool{pool_of(1, 0)};
  Waiter* const gone = pool.queue();
  pool.state.stop_waiting(gone);
  EXPECT_THAT(pool.state.opened(0, pool.now).hand_overs, IsEmpty());
  EXPECT_EQ(pool.state.counts().idle, 1U);
  const auto grant = pool.state.acquire(pool.now);
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->slot, 0U);
}

TEST(PoolStateOpening, IsNotBegunAnewWhileEnoughAreOnTheirWay) {
  StateDriver pool{pool_of(3, 0)};
  Waiter* const gone = pool.queue();
  EXPECT_THAT(pool.last.opens, ElementsAre(0));
  pool.state.stop_waiting(gone);
  pool.queue();
  EXPECT_THAT(pool.last.opens, IsEmpty()) << "the first one's connection serves the second";
  pool.queue();
  EXPECT_THAT(pool.last.opens, ElementsAre(1));
}

TEST(PoolStateOpening, ThatFailsIsNotTheFailureOfWhoCameAfterItBegan) {
  StateDriver pool{pool_of(1, 0)};
  Waiter* const gone = pool.queue();
  pool.pass(1ms);
  Waiter* const late = pool.queue();
  pool.state.stop_waiting(gone);
  auto decisions = pool.state.open_failed(0, OpenFailure::server, pool.now);
  EXPECT_EQ(decisions.failed, nullptr);
  ASSERT_THAT(decisions.opens, ElementsAre(0)) << "another one, for him";
  decisions = pool.state.open_failed(0, OpenFailure::server, pool.now);
  EXPECT_EQ(decisions.failed, late);
  EXPECT_THAT(decisions.opens, IsEmpty());
}

TEST(PoolStateOpening, FailsWhoWaitedWhenItBegan_ThoughAnotherStandsBeforeHim) {
  StateDriver pool{pool_of(1, 0)};
  Waiter* const waited = pool.queue();
  pool.pass(1ms);
  pool.queue(true);
  const auto decisions = pool.state.open_failed(0, OpenFailure::server, pool.now);
  EXPECT_EQ(decisions.failed, waited);
  EXPECT_THAT(decisions.opens, ElementsAre(0));
}

TEST(PoolStateOpening, IsNotCountedOnByWhoComesLongAfterItBegan) {
  for (const bool long_after : {false, true}) {
    StateDriver pool{pool_of(2, 0)};
    Waiter* const gone = pool.queue();
    pool.state.stop_waiting(gone);
    pool.pass(long_after ? 3000ms : 2999ms);
    Waiter* const late = pool.queue();
    EXPECT_EQ(pool.last.opens.size(), long_after ? 1U : 0U);
    pool.queue();
    EXPECT_EQ(pool.last.opens.size(), long_after ? 0U : 1U) << "no more than there are slots";
    // Whichever comes first serves who came first.
    EXPECT_EQ(pool.state.opened(0, pool.now).hand_overs.at(0).waiter, late);
  }
}

TEST(PoolStateOpening, GivesNothingToThePoolThatWasBegunBeforeADispose) {
  StateDriver pool{pool_of(1, 0)};
  Waiter* const gone = pool.queue();
  pool.state.stop_waiting(gone);
  pool.state.dispose();
  EXPECT_THAT(pool.state.opened(0, pool.now).closes, ElementsAre(0));
  pool.state.closed(0, pool.now);
  EXPECT_EQ(pool.open(), 0U);
}

TEST(PoolStateCheck, IsByIdleTime) {
  struct Case {
    std::chrono::milliseconds idle;
    Check expected;
  };
  for (const auto& [idle, expected] :
       {Case{0ms, Check::look}, Case{499ms, Check::look}, Case{500ms, Check::round_trip},
        Case{1h, Check::round_trip}}) {
    auto settings = pool_of(1, 0);
    settings.max_lifetime = 0ms;
    StateDriver pool{settings};
    pool.open_idle();
    pool.pass(idle);
    EXPECT_EQ(pool.state.acquire(pool.now)->check, expected) << idle.count() << " ms";
  }
}

TEST(PoolStateCheck, IsARoundTripOnceForAllThatWereOpen_WhenTheServerEndedOne) {
  StateDriver pool{pool_of(3, 0)};
  const auto lost = pool.open();
  const auto idle = pool.open();
  const auto lent = pool.open();
  pool.state.released(idle, pool.now);
  pool.state.retired(lost, true, Suspicion::may_be_dead);
  pool.state.released(lent, pool.now);
  for (const auto slot : {lent, idle}) {
    const auto grant = pool.state.acquire(pool.now);
    EXPECT_EQ(grant->slot, slot);
    EXPECT_EQ(grant->check, Check::round_trip);
  }
  pool.state.closed(lost, pool.now);
  const auto fresh = pool.open();
  for (const auto slot : {lent, idle, fresh}) {
    pool.state.released(slot, pool.now);
    EXPECT_EQ(pool.state.acquire(pool.now)->check, Check::look) << "of slot " << slot;
  }
}

TEST(PoolStateCheck, StaysALook_WhenAConnectionWasGivenUpOnThisSide) {
  StateDriver pool{pool_of(2, 0)};
  const auto given_up = pool.open();
  pool.open_idle();
  pool.state.retired(given_up, true, Suspicion::none);
  EXPECT_EQ(pool.state.acquire(pool.now)->check, Check::look);
}

TEST(PoolStateIdle, LendsTheOneThatCameBackLast) {
  StateDriver pool{pool_of(3, 0)};
  const std::vector<std::size_t> slots{pool.open(), pool.open(), pool.open()};
  for (const auto slot : slots) pool.state.released(slot, pool.now);
  EXPECT_EQ(pool.state.acquire(pool.now)->slot, slots[2]);
  EXPECT_EQ(pool.state.acquire(pool.now)->slot, slots[1]);
}

TEST(PoolStateAccounting, CountsARetiredConnectionUntilItIsClosed) {
  StateDriver pool{pool_of(1, 1)};
  const auto first = pool.open();
  const auto second = pool.open();
  EXPECT_TRUE(pool.state.is_exhausted());
  EXPECT_EQ(pool.state.counts().overflow, 1U);
  pool.state.retired(first, true, Suspicion::none);
  pool.state.retired(second, false, Suspicion::none);
  const auto counts = pool.state.counts();
  EXPECT_EQ(counts.leased, 0U);
  EXPECT_EQ(counts.closing, 2U);
  EXPECT_EQ(counts.abandoned, 1U);
  EXPECT_EQ(counts.overflow, 0U);
  EXPECT_TRUE(pool.state.is_exhausted()) << "the server may still hold both";
  pool.queue();
  EXPECT_THAT(pool.last.opens, IsEmpty());
  EXPECT_THAT(pool.state.closed(first, pool.now).opens, ElementsAre(first)) << "now there is room";
  EXPECT_EQ(pool.state.counts().abandoned, 0U);
  EXPECT_FALSE(pool.state.is_exhausted());
}

TEST(PoolStateDispose, ClosesIdleOnesNow_AndLentOnesWhenTheyComeBack) {
  StateDriver pool{pool_of(3, 0)};
  const auto lent = pool.open();
  const auto idle = pool.open_idle();
  EXPECT_THAT(pool.state.dispose().closes, ElementsAre(idle));
  EXPECT_THAT(pool.state.released(lent, pool.now).closes, ElementsAre(lent));
  EXPECT_EQ(pool.state.counts().closing, 2U);
  pool.state.closed(lent, pool.now);
  pool.state.closed(idle, pool.now);
  const auto fresh = pool.open();
  EXPECT_THAT(pool.state.released(fresh, pool.now).closes, IsEmpty());
}

TEST(PoolStateDispose, ReplacesALentOneForWhoWaits) {
  StateDriver pool{pool_of(1, 0)};
  const auto lent = pool.open();
  Waiter* const waiter = pool.queue();
  pool.state.dispose();
  EXPECT_THAT(pool.state.released(lent, pool.now).closes, ElementsAre(lent));
  EXPECT_THAT(pool.state.closed(lent, pool.now).opens, ElementsAre(lent));
  EXPECT_EQ(pool.state.opened(lent, pool.now).hand_overs.at(0).waiter, waiter);
}

}  // namespace
}  // namespace flowdb::pool
