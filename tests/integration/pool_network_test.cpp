// Networks that swallow everything, seen from a pool with many callers.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

class PoolNetworkTiming : public testing::Test {
 protected:
  static constexpr std::chrono::milliseconds timeout_{400};

  static DatabaseOptions small_pool() {
    DatabaseOptions options;
    options.pool_size = 3;
    options.max_overflow = 2;
    options.timeout = timeout_;
    return options;
  }

  /// Calls from many threads until `stop`; each one must end in time. Returns how many failed.
  int call_until(const std::atomic<bool>& stop, int threads) {
    std::atomic<int> failures{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < threads; ++caller) {
      callers.emplace_back([&] {
        while (!stop) {
          const Stopwatch stopwatch;
          try {
            db_.execute_query("SELECT pg_sleep(0.005)");
          } catch (const Error&) {
            ++failures;
          }
          EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
        }
      });
    }
    for (auto& caller : callers) caller.join();
    return failures;
  }

  /// All five connections can be had at once, and nothing is left over.
  bool is_whole() {
    std::atomic<int> answers{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 5; ++caller) {
      callers.emplace_back([&] {
        try {
          answers += db_.execute_query("SELECT 1 FROM pg_sleep(0.05)").scalar<int>();
        } catch (const Error&) {
        }
      });
    }
    for (auto& caller : callers) caller.join();
    return answers == 5 && db_.get_pool_status().invalid == 0;
  }
  void expect_recovery() {
    const Stopwatch stopwatch;
    proxy_.heal();
    EXPECT_TRUE(wait_until([&] { return is_whole(); }, 2s));
    EXPECT_LE(stopwatch.elapsed(), 2s + grace);
  }

  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  DatabaseManager db_ = manager_for(proxy_.url(), small_pool());
};

TEST_F(PoolNetworkTiming, EndsInTimeAndRecovers_WhenNoConnectionIsAnswered) {
  proxy_.stall();
  for (int i = 0; i < 2; ++i) {
    const Stopwatch stopwatch;
    const auto error = thrown_by<ConnectionError>([&] { db_.execute_query("SELECT 1"); });
    EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
    EXPECT_TRUE(error.is_transient());
  }
  expect_recovery();
}

TEST_F(PoolNetworkTiming, EndsInTimeAndRecovers_WhenIdleConnectionsAreNotAnswered) {
  ASSERT_TRUE(wait_until([&] { return is_whole(); }));
  std::this_thread::sleep_for(600ms);  // from here on they are asked whether they live
  proxy_.stall();
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      const Stopwatch stopwatch;
      EXPECT_THROW(db_.execute_query("SELECT 1"), ConnectionError);
      EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
    });
  }
  for (auto& caller : callers) caller.join();
  expect_recovery();
}

TEST_F(PoolNetworkTiming, EndsInTimeAndRecovers_WhenQueriesUnderLoadAreNotAnswered) {
  std::atomic<bool> stop{false};
  int failures = 0;
  std::thread load{[&] { failures = call_until(stop, 8); }};
  EXPECT_TRUE(wait_until([&] { return db_.get_pool_status().checked_out == 5; }));
  proxy_.stall();
  std::this_thread::sleep_for(1200ms);
  stop = true;
  load.join();
  EXPECT_GE(failures, 8);
  expect_recovery();
}

TEST_F(PoolNetworkTiming, CountsAnUnansweredConnectionAsInvalid_UntilTheServerHasEndedIt) {
  const std::vector<Params> sets(600, Params{{"i", 1}});
  using Call = std::function<void(Transaction&)>;
  const Call calls[] = {
      [&](Transaction& tx) { tx.execute_query("SELECT 1"); },
      [&](Transaction& tx) { tx.execute_batch("SELECT :i::int", sets); },
      [&](Transaction& tx) { tx.bulk_insert("t", {"id"}, {{1}}); },
  };
  database_.exec("CREATE TABLE t (id int)");
  for (const auto& call : calls) {
    ASSERT_NO_THROW(db_.execute_query_with_timeout("SELECT 1", {}, 10s));
    const auto stall_before_call = [&](Transaction& tx) {
      tx.execute_query("SELECT 1");
      proxy_.stall();
      call(tx);
    };
    EXPECT_THROW(db_.transaction(stall_before_call), TimeoutError);
    auto status = db_.get_pool_status();
    EXPECT_EQ(status.invalid, 1U);
    EXPECT_EQ(status.total_connections, 1U);
    EXPECT_EQ(status.checked_out, 0U);
    proxy_.heal();
    EXPECT_TRUE(wait_until([&] { return db_.get_pool_status().invalid == 0; }, 2s));
  }
}

TEST_F(PoolNetworkTiming, TakesBackInTimeWhatAStreamHasReadToItsEnd) {
  // All rows are here before the network stalls, but the session must be reset.
  auto stream = db_.stream_query(
      "SELECT set_config('flow.step', n::text, false) FROM generate_series(1, 3) AS n");
  proxy_.stall();
  const Stopwatch stopwatch;
  int rows = 0;
  for (const auto& row : stream) rows += row.size() == 1 ? 1 : 0;
  EXPECT_EQ(rows, 3);
  EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
  expect_recovery();
}

TEST_F(PoolNetworkTiming, EndsInTime_WhereverTheServerFallsSilentDuringTheLogin) {
  db_.execute_query_with_timeout("SELECT 1", {}, 10s);
  const auto whole = proxy_.bytes(test_support::Direction::to_client);
  const auto fall_silent_after = [&](std::uint64_t bytes) {
    SCOPED_TRACE("after byte " + std::to_string(bytes));
    test_support::ChaosProxy proxy{database_.url()};
    proxy.cut({.after_bytes = bytes, .style = test_support::CutStyle::silence});
    auto db = manager_for(proxy.url(), small_pool());
    const Stopwatch stopwatch;
    EXPECT_THROW(db.execute_query("SELECT 1"), Error);
    EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
    // That opening has no end, and counts for nothing.
    EXPECT_TRUE(wait_until(
        [&] {
          try {
            return db.execute_query("SELECT 1").scalar<int>() == 1;
          } catch (const Error&) {
            return false;
          }
        },
        5s));
  };
  constexpr std::uint64_t positions = 8;
  std::vector<std::future<void>> silences;
  for (std::uint64_t i = 0; i < positions; ++i) {
    silences.push_back(
        std::async(std::launch::async, [&, i] { fall_silent_after(whole * i / positions); }));
  }
  for (auto& silence : silences) silence.get();
}

TEST_F(PoolNetworkTiming, ClosesAndChecksInTime_WhenNothingIsAnswered) {
  ASSERT_TRUE(wait_until([&] { return is_whole(); }));
  proxy_.stall();
  const Stopwatch check;
  EXPECT_NE(db_.health_check().status, Health::healthy);
  EXPECT_LE(check.elapsed(), 5s + grace);
  const Stopwatch close;
  EXPECT_EQ(db_.dispose(1s), 0U);
  EXPECT_LE(close.elapsed(), 1s + grace);
  expect_recovery();
}

TEST_F(PoolNetworkTiming, IsNotWaitedFor_WhenTheManagerGoes) {
  {
    auto other = manager_for(proxy_.url(), one_connection());
    other.execute_query("SELECT 1");
    proxy_.stall();
    EXPECT_THROW(other.execute_query_with_timeout("SELECT 1", {}, 100ms), TimeoutError);
    const Stopwatch stopwatch;
    { const auto gone = std::move(other); }
    EXPECT_LE(stopwatch.elapsed(), grace);
  }
  auto connecting = manager_for(proxy_.url(), one_connection());
  EXPECT_THROW(connecting.execute_query_with_timeout("SELECT 1", {}, 100ms), ConnectionError);
  const Stopwatch stopwatch;
  { const auto gone = std::move(connecting); }
  EXPECT_LE(stopwatch.elapsed(), grace);
}

TEST_F(PoolNetworkTiming, DoesNotHoldUpTheEndOfTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto leave_with_threads_at_work = [] {
    test_support::ChaosProxy proxy{test_support::postgres_url()};
    auto db = manager_for(proxy.url());
    auto connecting = manager_for(proxy.url(), one_connection());
    db.execute_query("SELECT 1");
    proxy.stall();
    try {
      db.execute_query_with_timeout("SELECT 1", {}, 50ms);
    } catch (const TimeoutError&) {
    }
    try {
      connecting.execute_query_with_timeout("SELECT 1", {}, 50ms);
    } catch (const ConnectionError&) {
      std::exit(7);  // NOLINT(concurrency-mt-unsafe): the threads at work are the point
    }
  };
  const Stopwatch stopwatch;
  EXPECT_EXIT(leave_with_threads_at_work(), testing::ExitedWithCode(7), "");
  EXPECT_LE(stopwatch.elapsed(), 10s);
}

TEST_F(PoolNetworkTiming, SendsNothingThatCameTooLate) {
  auto db = manager_for(database_, one_connection());
  database_.exec("CREATE TABLE t (id int)");
  db.execute_query("SELECT 1");
  const TransactionOptions options{.timeout = 100ms};
  for (const auto think : {150ms, 400ms}) {
    const auto error = thrown_by<TimeoutError>([&] {
      db.transaction(
          [&](Transaction& tx) {
            tx.execute_query("INSERT INTO t VALUES (1)");
            std::this_thread::sleep_for(think);
          },
          options);
    });
    EXPECT_FALSE(error.is_outcome_unknown());
    EXPECT_EQ(error.phase(), Phase::not_sent);
    EXPECT_NE(std::string{error.what()}.find("COMMIT"), std::string::npos) << error.what();
    EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "0");
  }
}

TEST_F(PoolNetworkTiming, CallsABatchThatTheServerStoppedATimeout) {
  auto db = manager_for(database_, small_pool());
  const Stopwatch stopwatch;
  const auto error = thrown_by<TimeoutError>([&] {
    db.execute_batch("SELECT pg_sleep(:s)", {{{"s", 0.01}}, {{"s", 30.0}}});
  });
  EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

}  // namespace
}  // namespace flowdb::test
