// The network swallows everything from one moment on, at each phase of a connection's life.
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::CutStyle;
using test_support::Direction;
using test_support::wait_until;

class BlackHoleTiming : public testing::Test {
 protected:
  static constexpr std::chrono::milliseconds timeout_{500};
  static constexpr int connections_ = 5;

  static DatabaseOptions small_pool() {
    DatabaseOptions options;
    options.pool_size = 3;
    options.max_overflow = connections_ - 3;
    options.timeout = timeout_;
    return options;
  }

  BlackHoleTiming() { database_.exec("CREATE TABLE t (id int)"); }

  /// `call`, during which the hole opens, must fail in time, and the pool must be whole two seconds
  /// after the hole has closed.
  void expect_in_time(const std::string& phase, const std::function<void()>& call) {
    SCOPED_TRACE(phase);
    const Stopwatch stopwatch;
    EXPECT_THROW(call(), std::exception);
    EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
    close_hole();
  }
  void close_hole() {
    const Stopwatch healing;
    // Connections that were cut into silence stay silent: their peers reset them.
    if (is_cut_) proxy_.cut_all();
    proxy_.cut({.times = 0});
    proxy_.heal();
    EXPECT_TRUE(wait_until([&] { return is_whole(); }, 2s));
    EXPECT_LE(healing.elapsed(), 2s + grace);
  }
  /// All connections can be had at once, and nothing is left over.
  bool is_whole() {
    std::atomic<int> answers{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < connections_; ++caller) {
      callers.emplace_back([&] {
        try {
          answers += db_.execute_query("SELECT 1 FROM pg_sleep(0.05)").scalar<int>();
        } catch (const Error&) {
        }
      });
    }
    for (auto& caller : callers) caller.join();
    return answers == connections_ && db_.get_pool_status().invalid == 0;
  }
  /// In a transaction that has written, the hole opens before `after`.
  void transact(const std::function<void(Transaction&)>& after) {
    db_.transaction([&](Transaction& tx) {
      tx.execute_query("INSERT INTO t VALUES (1)");
      proxy_.stall();
      after(tx);
    });
  }

  bool is_cut_ = false;
  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  DatabaseManager db_ = manager_for(proxy_.url(), small_pool());
};

TEST_F(BlackHoleTiming, OfAConnectionBeingMadeEndsItInTime) {
  const auto sent = proxy_.bytes(Direction::to_server);
  db_.execute_query("SELECT 1");
  const auto of_login = proxy_.bytes(Direction::to_server) - sent;
  // TCP alone, within the TLS handshake, in the password's exchange, in the session's settings.
  for (const auto percent : {0U, 10U, 50U, 70U, 97U}) {
    ASSERT_TRUE(wait_until([&] {
      db_.dispose();
      const auto status = db_.get_pool_status();
      return status.total_connections == 0 && status.opening == 0;
    }));
    expect_in_time("connecting, " + std::to_string(percent) + " %", [&] {
      is_cut_ = true;
      proxy_.cut({.direction = Direction::to_server,
                  .after_bytes = of_login * percent / 100,
                  .style = CutStyle::silence,
                  .times = 1000});
      db_.execute_query("SELECT 1");
    });
  }
}

TEST_F(BlackHoleTiming, OfAConnectionInUseEndsTheCallInTime) {
  ASSERT_TRUE(wait_until([&] { return is_whole(); }));
  expect_in_time("a statement", [&] {
    proxy_.stall();
    db_.execute_query("SELECT 1");
  });
  expect_in_time("in an answer", [&] {
    const auto before = proxy_.bytes(Direction::to_client);
    auto opener = std::async(std::launch::async, [&] {
      EXPECT_TRUE(wait_until([&] { return proxy_.bytes(Direction::to_client) > before + 20'000; }));
      proxy_.stall();
    });
    db_.execute_query(
        "SELECT repeat('x', 1000) FROM generate_series(1, 600) AS n,"
        " LATERAL (SELECT pg_sleep(0.001 + 0 * n)) AS pause");
  });
  expect_in_time("BEGIN", [&] {
    proxy_.stall();
    db_.transaction([](Transaction&) {});
  });
  expect_in_time("COMMIT", [&] { transact([](Transaction&) {}); });
  expect_in_time("ROLLBACK", [&] {
    transact([](Transaction&) { throw std::runtime_error("the flow's own"); });
  });
  EXPECT_TRUE(wait_until([&] {
    return database_.scalar("SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass") == "0";
  }));
}

TEST_F(BlackHoleTiming, OfACancellationEndsTheCallInTime) {
  ASSERT_TRUE(wait_until([&] { return is_whole(); }));
  expect_in_time("the cancellation", [&] {
    auto opener = std::async(std::launch::async, [&] {
      EXPECT_TRUE(wait_until([&] {
        return database_.scalar(
                   "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                   " AND wait_event = 'PgSleep' AND datname = current_database()") == "1";
      }));
      proxy_.stall();
    });
    db_.execute_query("SELECT pg_sleep(60)");
  });
}

TEST_F(BlackHoleTiming, OfIdleConnectionsHoldsUpNeitherTheNextCallNorTheirEnd) {
  ASSERT_TRUE(wait_until([&] { return is_whole(); }));
  std::this_thread::sleep_for(600ms);  // they are asked from then on whether they live
  expect_in_time("the ping", [&] {
    proxy_.stall();
    db_.execute_query("SELECT 1");
  });
  ASSERT_TRUE(wait_until([&] { return is_whole(); }));
  proxy_.stall();
  const Stopwatch stopwatch;
  db_.dispose();
  EXPECT_LE(stopwatch.elapsed(), grace);
  close_hole();
}

}  // namespace
}  // namespace flowdb::test
