#include "pool/pool.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>

#include <flowdb/error.hpp>

#include "unit/pool/pool_fixture.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// While it lives no thread can be started: its stack would not fit into the address space.
class NoThreads {
 public:
  NoThreads() {
    pthread_attr_init(&usual_);
    pthread_getattr_default_np(&usual_);
    pthread_attr_t impossible;
    pthread_attr_init(&impossible);
    pthread_attr_setstacksize(&impossible, std::size_t{1} << 50U);
    pthread_setattr_default_np(&impossible);
    pthread_attr_destroy(&impossible);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;
  ~NoThreads() {
    pthread_setattr_default_np(&usual_);
    pthread_attr_destroy(&usual_);
  }

 private:
  pthread_attr_t usual_;
};

TEST_F(PoolShell, LendsTheSameConnectionAgain) {
  make_pool(pool_of(2, 0));
  acquire();
  acquire();
  EXPECT_EQ(server->opened, 1);
  const auto status = pool->status();
  EXPECT_EQ(status.checked_in, 1U);
  EXPECT_EQ(status.checked_out, 0U);
  EXPECT_EQ(status.utilization_percent, 0);
}

TEST_F(PoolShell, ReportsWhatIsLent) {
  make_pool(pool_of(1, 2));
  const auto leases = acquire_many(2);
  const auto status = pool->status();
  EXPECT_EQ(status.database_name, "rpa_db");
  EXPECT_EQ(status.pool_size, 1U);
  EXPECT_EQ(status.max_overflow, 2U);
  EXPECT_EQ(status.max_connections, 3U);
  EXPECT_EQ(status.checked_out, 2U);
  EXPECT_EQ(status.overflow, 1U);
  EXPECT_EQ(status.utilization_percent, 66.67);
}

TEST_F(PoolShell, TakesALeaseBackFromAnotherThread) {
  make_pool(pool_of(1, 0));
  auto lease = acquire();
  std::thread{[moved = std::move(lease)]() mutable { moved.give_back(); }}.join();
  EXPECT_FALSE(lease);
  EXPECT_EQ(pool->status().checked_in, 1U);
  lease = acquire();
  lease = Lease{};
  EXPECT_EQ(pool->status().checked_in, 1U) << "assigning gives the former one back";
}

TEST_F(PoolShell, GivesASlowConnectionToThePool_WhenItComesAfterItsCallerLeft) {
  make_pool(pool_of(1, 0));
  server->opening.close();
  try {
    pool->acquire(within(30ms));
    ADD_FAILURE() << "no connection can be there";
  } catch (const PoolTimeoutError& error) {
    ADD_FAILURE() << "it was not the pool: " << error.what();
  } catch (const ConnectionError& error) {
    EXPECT_NE(std::string{error.what()}.find("did not accept a connection"), std::string::npos);
    EXPECT_TRUE(error.is_transient());
  }
  EXPECT_EQ(pool->status().opening, 1U);
  server->opening.open();
  EXPECT_TRUE(wait_until([&] { return pool->status().checked_in == 1; }));
  EXPECT_TRUE(acquire());
  EXPECT_EQ(server->opened, 1);
}

TEST_F(PoolShell, EndsWithoutWaiting_WhileAConnectionIsBeingOpened) {
  make_pool(pool_of(1, 0));
  server->opening.close();
  EXPECT_THROW(pool->acquire(within(20ms)), ConnectionError);
  pool.reset();
  EXPECT_EQ(server->opened, 0);
  server->opening.open();
  EXPECT_TRUE(wait_until([&] { return server->opened == 1 && server->connected == 0; }));
  // The backend goes with the last thread that uses it.
  EXPECT_TRUE(wait_until([&] { return server.use_count() == 1; }));
}

TEST_F(PoolShell, EndsWithoutWaiting_WhileAConnectionIsBeingGivenUp) {
  make_pool(pool_of(1, 0));
  server->abandoning.close();
  auto lease = acquire();
  session_of(lease).can_be_reset = false;
  lease.give_back();
  pool.reset();
  EXPECT_EQ(server->connected, 1);
  server->abandoning.open();
  EXPECT_TRUE(wait_until([&] { return server->connected == 0 && server.use_count() == 1; }));
}

TEST_F(PoolShell, CountsAConnectionThatWasGivenUp_UntilItsEndIsConfirmed) {
  make_pool(pool_of(1, 0));
  server->abandoning.close();
  auto lease = acquire();
  session_of(lease).can_be_reset = false;
  lease.give_back();
  auto status = pool->status();
  EXPECT_EQ(status.invalid, 1U);
  EXPECT_EQ(status.total_connections, 1U);
  EXPECT_EQ(status.checked_out, 0U);
  EXPECT_THROW(pool->acquire(within(20ms)), PoolTimeoutError);
  server->abandoning.open();
  EXPECT_TRUE(acquire());
  status = pool->status();
  EXPECT_EQ(status.invalid, 0U);
  EXPECT_EQ(server->connected, 1);
}

TEST_F(PoolShell, ReplacesWhatDiedWhileIdle_WithoutTellingTheCaller) {
  make_pool(pool_of(3, 0));
  acquire_many(3);
  for (std::size_t i = 0; i < 3; ++i) {
    server->session(i)->seems_alive = false;
    server->session(i)->is_lost = true;
  }
  EXPECT_TRUE(acquire());
  EXPECT_EQ(server->opened, 4);
  EXPECT_TRUE(wait_until([&] { return server->connected == 1; }));
}

TEST_F(PoolShell, AsksOneSilentConnectionOnly_AndLeavesTimeForANewOne) {
  make_pool(pool_of(3, 0));
  acquire_many(3);
  for (std::size_t i = 0; i < 3; ++i) {
    server->session(i)->seems_alive = false;
    server->session(i)->answers = false;
  }
  EXPECT_TRUE(pool->acquire(within(1s)));
  EXPECT_EQ(server->opened, 4);
  int pings = 0;
  for (std::size_t i = 0; i < 3; ++i) pings += server->session(i)->pings;
  EXPECT_EQ(pings, 1);
}

TEST_F(PoolShell, SuspectsNobody_WhenACallerHasNoTimeForAnAnswer) {
  make_pool(pool_of(2, 0));
  acquire_many(2);
  server->session(1)->seems_alive = false;  // the one that came back last is lent first
  server->session(1)->answers = false;
  EXPECT_TRUE(pool->acquire(within(20ms)));
  EXPECT_EQ(server->session(1)->pings, 1);
  EXPECT_EQ(server->session(0)->pings, 0);
}

TEST_F(PoolShell, SaysSo_WhenNoThreadCanBeStarted_AndRecovers) {
  make_pool(pool_of(1, 0));
  std::optional<Lease> lease;
  {
    const NoThreads none;
    EXPECT_THROW(acquire(), ConnectionError);
    EXPECT_EQ(pool->status().opening, 0U);
    EXPECT_EQ(pool->status().waiting, 0U);
  }
  lease = acquire();
  session_of(*lease).can_be_reset = false;
  {
    const NoThreads none;
    lease.reset();
    EXPECT_EQ(pool->status().invalid, 0U) << "closed by the caller's thread";
  }
  EXPECT_TRUE(acquire());
}

TEST_F(PoolShell, ClosesIdleConnectionsAtOnceAndLentOnesLater_WhenDisposed) {
  make_pool(pool_of(2, 0));
  auto leases = acquire_many(2);
  leases.pop_back();
  pool->dispose();
  EXPECT_EQ(server->connected, 1);
  leases.clear();
  EXPECT_EQ(server->connected, 0);
  EXPECT_TRUE(acquire());
  EXPECT_EQ(server->opened, 3);
}

TEST_F(PoolShell, NeverHoldsMoreThanItMay_AndItsFiguresAddUpAtAnyMoment) {
  auto settings = pool_of(2, 3);
  settings.overflow_idle_timeout = 1ms;
  make_pool(settings);
  std::atomic<bool> done{false};
  std::thread observer{[&] {
    while (!done) {
      const auto status = pool->status();
      EXPECT_EQ(status.checked_in + status.checked_out + status.invalid, status.total_connections);
      EXPECT_LE(status.total_connections, 5U);
      EXPECT_LE(status.overflow, 3U);
    }
  }};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 400; ++i) {
        const auto lease = acquire();
        if ((i + caller) % 37 == 0) session_of(lease).can_be_reset = false;
        if ((i + caller) % 101 == 0) pool->dispose();
      }
    });
  }
  for (auto& caller : callers) caller.join();
  done = true;
  observer.join();
  EXPECT_LE(server->most_connected, 5);
  EXPECT_TRUE(wait_until([&] {
    const auto status = pool->status();
    return status.invalid == 0 && status.opening == 0 && status.total_connections <= 2;
  }));
  EXPECT_EQ(pool->status().checked_out, 0U);
  EXPECT_GT(pool->status().acquire_time_ms.max, 0);
}

}  // namespace
}  // namespace flowdb::pool
