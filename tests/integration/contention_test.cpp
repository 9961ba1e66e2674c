// Many who want the same: rows, and connections.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(ContentionTiming, LosesNoIncrementAndNoCaller_Though32WritersCollide) {
  constexpr int writers = 32;
  constexpr int increments = 500;
  const LogCapture log;
  test_support::TestDatabase database;
  database.exec("CREATE TABLE counter (id int PRIMARY KEY, n int)");
  database.exec("INSERT INTO counter VALUES (1, 0)");
  auto db = manager_for(database);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&] {
      const TransactionOptions serializable{.isolation = IsolationLevel::serializable};
      for (int i = 0; i < increments; ++i) {
        try {
          db.transaction(
              [](Transaction& tx) {
                const auto n = tx.execute_query("SELECT n FROM counter WHERE id = 1").scalar<int>();
                tx.execute_query("UPDATE counter SET n = :n WHERE id = 1", {{"n", n + 1}});
              },
              serializable);
        } catch (const std::exception& error) {
          if (++failures < 4) ADD_FAILURE() << error.what();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(database.scalar("SELECT n FROM counter"), std::to_string(writers * increments));
}

TEST(ContentionTiming, LetsNobodyWaitMuchLongerThanTheOthers) {
  constexpr int callers = 64;
  test_support::TestDatabase database;
  DatabaseOptions options;
  options.pool_size = 4;
  options.max_overflow = 0;
  auto db = manager_for(database, options);
  std::mutex mutex;
  std::vector<Clock::duration> waits;
  std::atomic<int> started{0};
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&] {
      ++started;
      while (started < callers) std::this_thread::yield();
      for (int call = 0; call < 10; ++call) {
        const auto start = Clock::now();
        db.execute_query("SELECT pg_sleep(0.02)");
        const auto waited = Clock::now() - start;
        const std::lock_guard lock{mutex};
        if (call > 0) waits.push_back(waited);  // connections are opened first
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::sort(waits.begin(), waits.end());
  EXPECT_LE(waits.back(), 5 * waits[waits.size() / 2]);
}

}  // namespace
}  // namespace flowdb::test
