// A primary goes, and its standby takes its place.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "support/chaos_proxy.hpp"
#include "support/connection_url.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Observer;
using test_support::PostgresCluster;
using test_support::Replication;
using test_support::wait_until;

/// Threads that insert numbers, each one once, and remember what became of it.
class Writers {
 public:
  Writers(DatabaseManager& db, int count) : db_(db) {
    for (int writer = 0; writer < count; ++writer) {
      successes_.push_back(std::make_unique<std::atomic<int>>(0));
      threads_.emplace_back([this, writer] { write(writer); });
    }
  }
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;
  ~Writers() { stop(); }

  void stop() {
    is_done_ = true;
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  /// Each of them has written `count` numbers more than when that was last asked.
  bool has_each_written(int count) {
    return wait_until([&] {
      for (auto& successes : successes_) {
        if (*successes < count) return false;
      }
      return true;
    });
  }
  bool has_anybody_written() const {
    return wait_until([&] {
      return std::any_of(successes_.begin(), successes_.end(),
                         [](const auto& successes) { return *successes > 0; });
    });
  }
  void count_anew() {
    for (auto& successes : successes_) *successes = 0;
  }
  /// `{1,2,3}`: what the server has acknowledged, and what is not known.
  std::string acknowledged() const { return list_of(acknowledged_); }
  std::string in_doubt() const { return list_of(in_doubt_); }
  std::size_t acknowledged_count() const { return acknowledged_.size(); }

 private:
  void write(int writer) {
    while (!is_done_) {
      const int number = ++latest_;
      try {
        db_.execute_query("INSERT INTO written VALUES (:number)", {{"number", number}});
        ++*successes_[static_cast<std::size_t>(writer)];
        keep(acknowledged_, number);
      } catch (const CommitUnknownError&) {
        keep(in_doubt_, number);
      } catch (const Error& error) {
        EXPECT_TRUE(error.is_transient()) << error.what();
        std::this_thread::sleep_for(1ms);  // as one who is turned away in microseconds
      }
    }
  }
  void keep(std::vector<int>& numbers, int number) {
    const std::lock_guard lock{mutex_};
    numbers.push_back(number);
  }
  static std::string list_of(const std::vector<int>& numbers) {
    std::string text = "{";
    for (const int number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
    return text + "}";
  }

  DatabaseManager& db_;
  std::atomic<int> latest_{0};
  std::atomic<bool> is_done_{false};
  std::vector<std::unique_ptr<std::atomic<int>>> successes_;
  std::mutex mutex_;
  std::vector<int> acknowledged_;
  std::vector<int> in_doubt_;
  std::vector<std::thread> threads_;
};

/// Writes go on at the standby that takes the place of a primary which `goes`.
void expect_writes_to_resume(const std::function<void(PostgresCluster&, DatabaseManager&)>& goes) {
  const LogCapture log;
  PostgresCluster primary;
  Observer{primary.url()}.exec("CREATE TABLE written (number int)");
  PostgresCluster standby{primary, Replication::synchronous};
  auto db = manager_for(test_support::url_of_several({primary.url(), standby.url()}) +
                        "&target_session_attrs=read-write");
  Writers writers{db, 6};
  ASSERT_TRUE(writers.has_each_written(20));
  goes(primary, db);
  standby.promote();
  writers.count_anew();
  const Stopwatch stopwatch;
  EXPECT_TRUE(writers.has_anybody_written());
  EXPECT_LE(stopwatch.elapsed(), 3s);
  ASSERT_TRUE(writers.has_each_written(20)) << "and so they go on";
  writers.stop();
  Observer successor{standby.url()};
  EXPECT_EQ(successor.scalar("SELECT count(DISTINCT number) FROM written WHERE number = ANY ('" +
                             writers.acknowledged() + "')"),
            std::to_string(writers.acknowledged_count()))
      << "nothing that was acknowledged is lost";
  EXPECT_EQ(successor.scalar("SELECT count(*) - count(DISTINCT number) FROM written"), "0");
  EXPECT_EQ(successor.scalar("SELECT count(*) FROM written WHERE number <> ALL ('" +
                             writers.acknowledged() + "') AND number <> ALL ('" +
                             writers.in_doubt() + "')"),
            "0")
      << "what was refused is not there";
}

TEST(FailoverTiming, WritesResumeWithinThreeSeconds_WhenThePrimaryIsKilled) {
  expect_writes_to_resume([](PostgresCluster& primary, DatabaseManager&) { primary.kill(); });
}

TEST(FailoverTiming, WritesResumeWithinThreeSeconds_WhenThePrimaryEndsItsSessions) {
  expect_writes_to_resume([](PostgresCluster& primary, DatabaseManager&) { primary.stop(); });
}

TEST(FailoverTiming, WritesResumeWithinThreeSeconds_WhenThePrimaryStaysAndTakesNoMore) {
  expect_writes_to_resume([](PostgresCluster& primary, DatabaseManager& db) {
    Observer administrator{primary.url()};
    administrator.exec("ALTER SYSTEM SET default_transaction_read_only = on");
    administrator.exec("SELECT pg_reload_conf()");
    // It is 25006 alone that tells, and all of the connections are given up.
    EXPECT_TRUE(wait_until([&] {
      const auto status = db.get_pool_status();
      return status.is_circuit_open && status.total_connections == 0;
    }));
  });
}

TEST(FailoverTiming, ASilentHostIsLeftForTheNextOneInTime) {
  const LogCapture log;
  PostgresCluster server;
  test_support::ChaosProxy silent{server.url()};
  silent.stall();  // it takes connections, and says nothing
  auto db = manager_for(test_support::url_of_several({silent.url(), server.url()}) +
                        "&target_session_attrs=read-write");
  const Stopwatch stopwatch;
  EXPECT_EQ(db.execute_query("SELECT 42").scalar<int>(), 42);
  EXPECT_LE(stopwatch.elapsed(), 3s);
}

}  // namespace
}  // namespace flowdb::test
