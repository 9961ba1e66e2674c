// A server that cannot be reached, seen from the pool's callers.
#include <algorithm>
#include <atomic>
#include <chrono>
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
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

/// A server that can be switched off; it counts who connects at the same time.
class PoolBreakerTiming : public PoolShell {
 protected:
  PoolBreakerTiming() {
    server->on_open = [this] {
      ++attempts;
      most_at_once = std::max(most_at_once.load(), ++at_once);
      std::this_thread::sleep_for(connect_time);
      --at_once;
      if (is_down) throw ConnectionError{"rpa_db: no route to it", {.transient = true}};
    };
  }
  ~PoolBreakerTiming() override {
    pool.reset();
    EXPECT_TRUE(wait_until([&] { return server.use_count() == 1; })) << "openers are at work";
  }

  /// What a call is told that is turned away.
  std::string refusal() {
    try {
      acquire();
    } catch (const ConnectionError& error) {
      EXPECT_TRUE(error.is_transient());
      EXPECT_EQ(error.phase(), Phase::not_sent);
      return error.what();
    }
    return "(none)";
  }
  void open_breaker() {
    is_down = true;
    EXPECT_TRUE(wait_until([&] {
      refusal();
      return pool->status().is_circuit_open;
    }));
  }

  std::atomic<bool> is_down{false};
  std::atomic<int> attempts{0};
  std::atomic<int> at_once{0};
  std::atomic<int> most_at_once{0};
  std::chrono::milliseconds connect_time{5};
};

TEST_F(PoolBreakerTiming, TurnsCallersAwayInMicroseconds_AndSaysWhy) {
  auto settings = pool_of(5, 10);
  settings.breaker_probe_interval = 1h;
  make_pool(settings);
  open_breaker();
  const int before = attempts;
  std::vector<Clock::duration> times;
  for (int call = 0; call < 1000; ++call) {
    const auto start = Clock::now();
    refusal();
    times.push_back(Clock::now() - start);
  }
  std::nth_element(times.begin(), times.begin() + 900, times.end());
  EXPECT_LT(times[900], 1ms);
  EXPECT_LE(attempts - before, 6) << "probes at 0.1, 0.2, 0.4 s …, and none by callers";
  const auto message = refusal();
  EXPECT_THAT(message, HasSubstr("rpa_db: no connection can be had since 20"));
  EXPECT_THAT(message, HasSubstr("so that this call has not tried; "));
  EXPECT_THAT(message, HasSubstr("The last failure: rpa_db: no route to it"));
  EXPECT_EQ(pool->status().last_connect_error, "rpa_db: no route to it");
}

TEST_F(PoolBreakerTiming, ServesEverybodySoonAfterTheReturn_WithoutAStampede) {
  make_pool(pool_of(5, 10));
  open_breaker();
  std::atomic<bool> done{false};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 30; ++caller) {
    callers.emplace_back([&] {
      while (!done) {
        try {
          const auto lease = acquire();
          std::this_thread::sleep_for(2ms);
        } catch (const ConnectionError&) {
          std::this_thread::sleep_for(1ms);
        }
      }
    });
  }
  std::this_thread::sleep_for(300ms);
  most_at_once = 0;
  is_down = false;
  const auto start = Clock::now();
  EXPECT_TRUE(wait_until([&] { return pool->status().checked_out == 15; }));
  EXPECT_LE(Clock::now() - start, 2s);
  done = true;
  for (auto& caller : callers) caller.join();
  EXPECT_LE(most_at_once, 3);
  EXPECT_FALSE(pool->status().is_circuit_open);
  EXPECT_EQ(pool->status().last_connect_error, std::nullopt);
}

TEST_F(PoolBreakerTiming, StaysAnAuthenticationError_WhenThatIsWhatItIs) {
  server->on_open = [this] {
    ++attempts;
    throw AuthenticationError{"rpa_db: wrong password", {.sqlstate = "28P01"}};
  };
  auto settings = pool_of(5, 0);
  settings.breaker_probe_interval = 1h;
  make_pool(settings);
  EXPECT_THROW(acquire(), AuthenticationError);
  for (int call = 0; call < 20; ++call) {
    try {
      acquire();
      ADD_FAILURE() << "there is no connection";
    } catch (const AuthenticationError& error) {
      EXPECT_EQ(error.sqlstate(), "28P01");
      EXPECT_FALSE(error.is_transient());
    }
  }
  EXPECT_LE(attempts, 2) << "an account may be locked by trying";
}

TEST_F(PoolBreakerTiming, IsNoticedByTheHealthCheckAtOnce) {
  auto settings = pool_of(5, 0);
  settings.breaker_probe_interval = 1h;
  make_pool(settings);
  open_breaker();
  const auto start = Clock::now();
  EXPECT_THROW(pool->acquire({.deadline = Deadline::after(5s), .fail_when_exhausted = true}),
               ConnectionError);
  EXPECT_LT(Clock::now() - start, 1s);
}

}  // namespace
}  // namespace flowdb::pool
