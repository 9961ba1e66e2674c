#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/observer.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Observer;
using test_support::wait_until;

class PoolOnServer : public testing::Test {
 protected:
  /// Connections to the test's database, as the server counts them.
  std::size_t connections(Observer& observer) const {
    return std::stoul(observer.scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND datname = '" +
        database_.name() + "' AND pid <> " + own_pid_));
  }
  std::size_t connections() { return connections(observer_); }
  static void add_up(const PoolStatus& status) {
    EXPECT_EQ(status.checked_in + status.checked_out + status.invalid, status.total_connections);
    EXPECT_LE(status.total_connections, status.max_connections);
    EXPECT_LE(status.overflow, status.max_overflow);
    const double exact = 100.0 * static_cast<double>(status.checked_out) /
                         static_cast<double>(status.max_connections);
    EXPECT_NEAR(status.utilization_percent, exact, 0.005);
  }

  test_support::TestDatabase database_;
  std::string own_pid_ = database_.scalar("SELECT pg_backend_pid()");
  Observer observer_{test_support::postgres_url()};
};

TEST_F(PoolOnServer, GivesEveryThreadItsOwnAnswers_OverNoMoreConnectionsThanAllowed) {
  auto db = manager_for(database_);
  std::atomic<bool> done{false};
  std::size_t most = 0;
  std::thread watcher{[&] {
    Observer observer{test_support::postgres_url()};
    while (!done) {
      most = std::max(most, connections(observer));
      add_up(db.get_pool_status());
    }
  }};
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 32; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 1000; ++i) {
        const int id = caller * 1000 + i;
        const auto rows = db.execute_query("SELECT :id::int AS id", {{"id", id}});
        if (rows.scalar<int>() != id) ++wrong;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  done = true;
  watcher.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(most, 15U);
  EXPECT_GE(most, 5U);
  const auto status = db.get_pool_status();
  EXPECT_EQ(status.checked_out, 0U);
  EXPECT_EQ(status.waiting, 0U);
  EXPECT_EQ(status.invalid, 0U);
}

TEST_F(PoolOnServer, IsOneForAllManagersOfADatabase) {
  auto first = std::make_unique<DatabaseManager>(manager_for(database_));
  auto second = manager_for(database_);
  first->execute_query("SELECT 1");
  second.execute_query("SELECT 1");
  EXPECT_EQ(connections(), 1U);
  first.reset();
  EXPECT_EQ(second.get_pool_status().checked_in, 1U);
  { const auto last = std::move(second); }
  EXPECT_TRUE(wait_until([&] { return connections() == 0; }));
}

TEST_F(PoolOnServer, IsEmptyAfterDispose_AndFillsAgain) {
  auto db = manager_for(database_);
  {
    auto stream = db.stream_query("SELECT generate_series(1, 100)");
    db.execute_query("SELECT 1");
    EXPECT_EQ(connections(), 2U);
    db.dispose();
    EXPECT_TRUE(wait_until([&] { return connections() == 1; })) << "the stream keeps its own";
    int rows = 0;
    for (const auto& row : stream) rows += row[0].as<int>() > 0 ? 1 : 0;
    EXPECT_EQ(rows, 100);
  }
  EXPECT_TRUE(wait_until([&] { return connections() == 0; }));
  EXPECT_EQ(db.get_pool_status().total_connections, 0U);
  EXPECT_EQ(db.execute_query("SELECT 7").scalar<int>(), 7);
}

TEST_F(PoolOnServer, OutlivesItsManager_AsLongAsAStreamReadsFromIt) {
  auto db = std::make_unique<DatabaseManager>(manager_for(database_));
  {
    auto stream = db->stream_query("SELECT generate_series(1, 200000)");
    db.reset();
    int rows = 0;
    for (const auto& row : stream) {
      rows += row[0].as<int>() > 0 ? 1 : 0;
      if (rows == 150'000) break;
    }
    EXPECT_EQ(rows, 150'000);
    EXPECT_EQ(connections(), 1U);
  }
  EXPECT_TRUE(wait_until([&] { return connections() == 0; }));
}

TEST_F(PoolOnServer, ReplacesConnectionsThatAnAdministratorEnded) {
  auto db = manager_for(database_);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&] { db.execute_query("SELECT pg_sleep(0.05)"); });
    }
    for (auto& caller : callers) caller.join();
    observer_.exec(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" +
        database_.name() + "' AND pid <> " + own_pid_);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(db.execute_query("SELECT :i::int", {{"i", i}}).scalar<int>(), i);
    }
  }
}

TEST_F(PoolOnServer, RefusesAtOnceWhatWouldWaitForItsOwnTransaction) {
  auto db = manager_for(database_, one_connection());
  database_.exec("CREATE TABLE t (id int)");
  const Stopwatch stopwatch;
  db.transaction([&](Transaction& tx) {
    tx.execute_query("INSERT INTO t VALUES (1)");
    const auto error =
        thrown_by<InvalidArgument>([&] { db.execute_query("INSERT INTO t VALUES (2)"); });
    EXPECT_NE(std::string{error.what()}.find("use the Transaction"), std::string::npos);
    thrown_by<InvalidArgument>([&] { db.stream_query("SELECT 1"); });
    thrown_by<InvalidArgument>([&] { db.bulk_insert("t", {"id"}, {{3}}); });
    thrown_by<InvalidArgument>([&] { db.execute_batch("INSERT INTO t VALUES (4)", {{}}); });
    thrown_by<InvalidArgument>([&] { db.transaction([](Transaction&) {}); });
    thrown_by<InvalidArgument>([&] { db.execute_query_with_retry("SELECT 1"); });
  });
  EXPECT_LT(stopwatch.elapsed(), 5s);
  EXPECT_EQ(database_.scalar("SELECT string_agg(id::text, ',') FROM t"), "1");
}

TEST_F(PoolOnServer, TakesTimeoutsOfAnyLength) {
  auto options = one_connection();
  options.timeout = 24h * 365 * 50;
  auto db = manager_for(database_, options);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
  for (const std::chrono::milliseconds timeout :
       {std::chrono::milliseconds{24h * 25}, std::chrono::milliseconds::max()}) {
    EXPECT_EQ(db.execute_query_with_timeout("SELECT 2", {}, timeout).scalar<int>(), 2);
    const TransactionOptions long_one{.timeout = timeout};
    db.transaction([](Transaction& tx) { tx.execute_query("SELECT 3"); }, long_one);
  }
}

TEST_F(PoolOnServer, ReportsItselfAsJson) {
  auto options = one_connection();
  options.max_overflow = 2;
  auto db = manager_for(database_, options);
  nlohmann::json report;
  db.transaction([&](Transaction& tx) {
    tx.execute_query("SELECT 1");
    report = db.get_pool_status().to_json();
  });
  std::set<std::string> keys;
  for (const auto& [key, value] : report.items()) keys.insert(key);
  EXPECT_EQ(keys, (std::set<std::string>{"database_name", "pool_size", "max_overflow", "checked_in",
                                         "checked_out", "overflow", "invalid", "total_connections",
                                         "max_connections", "utilization_percent", "opening",
                                         "waiting", "acquire_time_ms", "held_time_ms",
                                         "is_circuit_open", "last_connect_error", "timestamp"}));
  EXPECT_EQ(report["is_circuit_open"], false);
  EXPECT_TRUE(report["last_connect_error"].is_null());
  EXPECT_EQ(report["database_name"], "flow_db");
  EXPECT_EQ(report["pool_size"], 1);
  EXPECT_EQ(report["max_overflow"], 2);
  EXPECT_EQ(report["checked_out"], 1);
  EXPECT_EQ(report["checked_in"], 0);
  EXPECT_EQ(report["overflow"], 0);
  EXPECT_EQ(report["total_connections"], 1);
  EXPECT_EQ(report["max_connections"], 3);
  EXPECT_EQ(report["utilization_percent"], 33.33);
  for (const char* times : {"acquire_time_ms", "held_time_ms"}) {
    for (const char* part : {"p50", "p95", "p99", "max"}) {
      EXPECT_TRUE(report[times][part].is_number()) << times << " " << part;
    }
  }
  EXPECT_EQ(report["timestamp"].get<std::string>().back(), 'Z');
}

}  // namespace
}  // namespace flowdb::test
