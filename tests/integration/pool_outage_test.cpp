// What an outage costs the callers, and how the pool comes back from it.
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/outage.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Observer;
using test_support::wait_until;

/// Each holds its connection for a while, so that all of them are needed.
constexpr const char* kHold = "SELECT 1 FROM pg_sleep(0.05)";

TEST(PoolOutageTiming, CostsACallLessThanAMillisecond_AndIsOverTwoSecondsAfterTheReturn) {
  LogCapture log;  // as a terminal would be the slowest part of it
  test_support::PostgresCluster cluster;
  auto db = manager_for(cluster.url());
  ASSERT_TRUE(is_fully_served(db, kHold));
  cluster.stop();
  ASSERT_TRUE(wait_until([&] {
    is_served(db);
    return db.get_pool_status().is_circuit_open;
  }));
  EXPECT_LT(time_of_a_refused_call(db), 1ms);
  const auto error = thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1"); });
  const std::string message = error.what();
  EXPECT_NE(message.find("no connection can be had since 20"), std::string::npos) << message;
  EXPECT_NE(message.find("The last failure: flow_db: connecting"), std::string::npos) << message;
  EXPECT_EQ(message.find("postgresql://"), std::string::npos);
  EXPECT_EQ(log.with("no connection can be had: calls").size(), 1U);
  EXPECT_EQ(db.health_check().status, Health::unhealthy);

  Crowd crowd{db};
  cluster.restart();
  const Stopwatch stopwatch;
  EXPECT_TRUE(wait_until([&] { return is_fully_served(db, kHold); }, 2s));
  EXPECT_LE(stopwatch.elapsed(), 2s + grace);
  crowd.stop();
  EXPECT_LE(crowd.most_openings(), 3U) << "a server that comes back is not stormed";
  EXPECT_EQ(log.with("connections can be had again").size(), 1U);
}

TEST(PoolOutageTiming, LeavesThoseAlone_WhoWorkWithTheConnectionsThereAre) {
  const LogCapture log;
  test_support::TestDatabase database;
  const std::string role = database.name() + "_few";
  database.exec("CREATE ROLE " + role + " LOGIN PASSWORD 'few' CONNECTION LIMIT 2");
  {
    // The server takes no third connection; the pool would like fifteen.
    auto db = manager_for(database.url(role, "few"));
    std::atomic<int> answers{0};
    std::atomic<int> failures{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 12; ++caller) {
      callers.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          try {
            answers += db.execute_query("SELECT 1 FROM pg_sleep(0.002)").scalar<int>();
          } catch (const ConnectionError&) {
            ++failures;
            std::this_thread::sleep_for(20ms);
          }
        }
      });
    }
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(answers + failures, 240);
    EXPECT_GE(answers, 200) << "who waits is served by the two that there are";
  }
  EXPECT_TRUE(wait_until([&] {
    return database.scalar("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role +
                           "'") == "0";
  }));
  database.exec("DROP ROLE " + role);
}

TEST(PoolFailover, ReplacesAllConnections_WhenTheServerTakesNoWritesAnyMore) {
  test_support::PostgresCluster cluster;
  Observer observer{cluster.url()};
  observer.exec("CREATE TABLE t (id int)");
  const auto make_read_only = [&](const std::string& change) {
    observer.exec("ALTER SYSTEM " + change);
    observer.exec("SELECT pg_reload_conf()");
  };
  auto db = manager_for(cluster.url() + "&target_session_attrs=read-write");
  ASSERT_TRUE(is_fully_served(db, kHold));
  EXPECT_GE(db.get_pool_status().checked_in, 3U);
  // That a transaction of one's own is read-only is nobody's failover.
  const TransactionOptions reading{.read_only = true};
  thrown_by<QueryError>([&] {
    db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (0)"); }, reading);
  });
  EXPECT_GE(db.get_pool_status().checked_in, 3U);
  make_read_only("SET default_transaction_read_only = on");
  const auto refused_write = [&] {
    try {
      db.execute_query("INSERT INTO t VALUES (1)");
    } catch (const QueryError& error) {
      EXPECT_EQ(error.sqlstate(), "25006");
      EXPECT_TRUE(error.is_transient()) << "there is, or will be, a primary to go to";
      return true;
    }
    return false;
  };
  ASSERT_TRUE(wait_until(refused_write));
  EXPECT_TRUE(wait_until([&] { return db.get_pool_status().total_connections == 0; }));
  observer.exec("SET default_transaction_read_only = off");
  make_read_only("RESET default_transaction_read_only");
  EXPECT_TRUE(wait_until([&] {
    try {
      return db.execute_query("INSERT INTO t VALUES (2)").affected_rows() == 1;
    } catch (const Error&) {
      return false;
    }
  }));
  EXPECT_EQ(observer.scalar("SELECT count(*) FROM t WHERE id = 2"), "1");
}

}  // namespace
}  // namespace flowdb::test
