// Who waits for a connection, for how long, and what he is told.
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "unit/pool/pool_fixture.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

class PoolWaiting : public PoolShell {
 protected:
  /// What the PoolTimeoutError says.
  std::string timeout_message(const AcquireOptions& options) {
    try {
      pool->acquire(options);
    } catch (const PoolTimeoutError& error) {
      EXPECT_TRUE(error.is_transient());
      EXPECT_EQ(error.phase(), Phase::not_sent);
      EXPECT_EQ(error.database_name(), "rpa_db");
      return error.what();
    }
    return "(no PoolTimeoutError)";
  }
  /// And how long after `start`, which is no later than the options were made.
  Clock::duration time_until_timeout(Clock::time_point start, const AcquireOptions& options) {
    EXPECT_NE(timeout_message(options), "(no PoolTimeoutError)");
    return Clock::now() - start;
  }
};

TEST_F(PoolWaiting, IsInOrderOfArrival) {
  make_pool(pool_of(1, 0));
  auto held = acquire();
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      const auto lease = acquire();
      const std::lock_guard lock{mutex};
      order.push_back(caller);
    });
    EXPECT_TRUE(comes_to_wait(static_cast<std::size_t>(caller) + 1));
  }
  held.give_back();
  for (auto& caller : callers) caller.join();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(server->opened, 1);
}

TEST_F(PoolWaiting, EndsWithTheCountsOfThePool_WhenTheTimeIsUp) {
  make_pool(pool_of(1, 1));
  const auto held = acquire_many(2);
  std::thread other{[&] { timeout_message(within(400ms)); }};
  EXPECT_TRUE(comes_to_wait(1));
  const auto message = timeout_message(within(40ms));
  other.join();
  EXPECT_THAT(message, HasSubstr("rpa_db: no connection became free within "));
  EXPECT_THAT(message,
              HasSubstr(" ms (active=2, idle=0, opening=0, invalid=0, waiting=2, maximum=2)."));
  EXPECT_THAT(message, HasSubstr("POOL_SIZE or MAX_OVERFLOW"));
  EXPECT_EQ(pool->status().waiting, 0U);
}

TEST_F(PoolWaiting, TakesTheShorterOfAcquireTimeoutAndDeadline) {
  make_pool(pool_of(1, 0));
  const auto held = acquire();
  const AcquireOptions cases[] = {
      {.deadline = Deadline::after(1h), .timeout = 50ms},
      {.deadline = Deadline::never(), .timeout = 50ms},
      {.deadline = Deadline::after(50ms), .timeout = 1h},
      {.deadline = Deadline::after(50ms)},
  };
  for (const auto& given : cases) {
    const auto start = Clock::now();
    auto options = given;
    if (options.timeout != 50ms) options.deadline = Deadline::after(50ms);
    const auto waited = time_until_timeout(start, options);
    EXPECT_GE(waited, 50ms);
    EXPECT_LT(waited, 10s);
  }
}

TEST_F(PoolWaiting, IsRefusedAtOnce_WhereAllIsInUseAndTheCallerDoesNotQueue) {
  make_pool(pool_of(1, 0));
  auto held = acquire();
  const AcquireOptions options{.deadline = Deadline::never(), .fail_when_exhausted = true};
  EXPECT_THAT(timeout_message(options), HasSubstr("(active=1"));
  held.give_back();
  EXPECT_TRUE(pool->acquire(options));
}

TEST_F(PoolWaiting, ForOneselfIsRefused_WhenTheThreadHoldsAllInTransactions) {
  make_pool(pool_of(1, 1));
  const auto outer = acquire();
  const TransactionMark outer_mark{*pool};
  auto inner = acquire();
  {
    const TransactionMark inner_mark{*pool};
    try {
      pool->acquire({.deadline = Deadline::never()});
      ADD_FAILURE() << "there is no third connection";
    } catch (const InvalidArgument& error) {
      EXPECT_THAT(error.what(), HasSubstr("rpa_db: this call would wait for a connection that its "
                                          "own thread holds"));
      EXPECT_EQ(error.database_name(), "rpa_db");
    }
    // Another thread may wait: this one will give back.
    std::thread{[&] { EXPECT_GE(time_until_timeout(Clock::now(), within(20ms)), 20ms); }}.join();
  }
  // One of the two is in no transaction, and may come back.
  EXPECT_THAT(timeout_message(within(20ms)), HasSubstr("use the Transaction that its callable"));
  inner.give_back();
  EXPECT_TRUE(acquire());
}

TEST_F(PoolWaiting, EndsForEverybody_WhenNoConnectionCanBeMade) {
  server->on_open = [] { throw AuthenticationError{"no entry", {.sqlstate = "28P01"}}; };
  make_pool(pool_of(2, 1));
  std::atomic<int> refused{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 10; ++caller) {
    callers.emplace_back([&] {
      try {
        acquire();
      } catch (const AuthenticationError& error) {
        if (error.sqlstate() == "28P01") ++refused;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(refused, 10);
  EXPECT_TRUE(wait_until([&] { return pool->status().opening == 0; }));
  EXPECT_EQ(pool->status().total_connections, 0U);
}

}  // namespace
}  // namespace flowdb::pool
