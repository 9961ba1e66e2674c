// Who holds connections, as the pool tells it, and how it is emptied.
#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/reports.hpp>

#include "unit/pool/pool_fixture.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;
using Clock = std::chrono::steady_clock;

using PoolHolders = PoolShell;

TEST_F(PoolHolders, AreNamedByTheErrorOfWhoFindsNothingFree) {
  make_pool(pool_of(1, 1));
  const std::string fingerprint = "UPDATE t SET a = ?";
  auto options = within(20s);
  options.borrower = {"transaction", {"flows/rpa1/load.cpp", 42}, nullptr};
  auto first = pool->acquire(options);
  first.run(fingerprint);
  const auto second = acquire();
  try {
    pool->acquire(within(200ms));
    ADD_FAILURE() << "nothing is free";
  } catch (const PoolTimeoutError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Held by: transaction at rpa1/load.cpp:42 (thread "));
    const auto& report = error.exhaustion();
    EXPECT_EQ(report.database_name, "rpa_db");
    // The deadline runs from before the call, the wait from within it.
    EXPECT_GE(report.waited, 100ms);
    EXPECT_LE(report.waited, 20s);
    EXPECT_EQ(report.max_connections, 2U);
    EXPECT_EQ(report.checked_out, 2U);
    EXPECT_EQ(report.waiting, 1U);
    ASSERT_THAT(report.holders, SizeIs(2));
    EXPECT_EQ(report.holders[0].statement, fingerprint);
  }
  EXPECT_FALSE(pool->status().holders.has_value());
  EXPECT_THAT(pool->status(PoolDetail::holders).holders.value(), SizeIs(2));
  first.give_back();
  EXPECT_THAT(pool->status(PoolDetail::holders).holders.value(), SizeIs(1));
}

TEST_F(PoolHolders, AreForgotten_WhoseConnectionWasGivenUp) {
  make_pool(pool_of(2, 0));
  server->abandoning.close();
  auto lease = acquire();
  session_of(lease).can_be_reset = false;
  lease.give_back();
  EXPECT_THAT(pool->status(PoolDetail::holders).holders.value(), SizeIs(0));
  server->abandoning.open();
}

using PoolDrainTiming = PoolShell;

TEST_F(PoolDrainTiming, WaitsForWhatIsLent) {
  make_pool(pool_of(3, 0));
  auto leases = acquire_many(3);
  leases.pop_back();
  std::thread holder{[&] {
    EXPECT_TRUE(wait_until([&] { return pool->status().checked_in == 0; }));
    std::this_thread::sleep_for(50ms);
    leases.clear();
  }};
  const auto start = Clock::now();
  EXPECT_EQ(pool->dispose(Deadline::after(20s)), 0U);
  EXPECT_GE(Clock::now() - start, 50ms);
  EXPECT_LT(Clock::now() - start, 10s);
  EXPECT_EQ(server->connected, 0);
  holder.join();
  EXPECT_TRUE(acquire()) << "the pool stays usable";
}

TEST_F(PoolDrainTiming, SaysHowManyAreStillLent_WhenItsTimeIsUp) {
  make_pool(pool_of(3, 0));
  auto leases = acquire_many(2);
  const auto start = Clock::now();
  EXPECT_EQ(pool->dispose(Deadline::after(50ms)), 2U);
  EXPECT_GE(Clock::now() - start, 50ms);
  const auto fresh = acquire();
  leases.pop_back();
  EXPECT_EQ(pool->dispose(Deadline::after(0ms)), 2U) << "that one, and the fresh one";
  leases.clear();
  EXPECT_EQ(server->connected, 1);
}

TEST_F(PoolDrainTiming, DoesNotWaitForWhatTheServerNeverConfirms) {
  make_pool(pool_of(1, 0));
  server->abandoning.close();
  auto lease = acquire();
  session_of(lease).can_be_reset = false;
  lease.give_back();
  const auto start = Clock::now();
  EXPECT_EQ(pool->dispose(Deadline::after(20s)), 0U);
  EXPECT_LT(Clock::now() - start, 10s);
  server->abandoning.open();
}

}  // namespace
}  // namespace flowdb::pool
