// Servers that stop, die and come back.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Observer;
using test_support::wait_until;

/// Has `count` connections open at once.
void fill(DatabaseManager& db, int count) {
  std::vector<std::thread> callers;
  for (int caller = 0; caller < count; ++caller) {
    callers.emplace_back([&] { db.execute_query("SELECT pg_sleep(0.2)"); });
  }
  for (auto& caller : callers) caller.join();
}

TEST(PoolRecovery, IsNotNoticedByWhoComesAfterARestart) {
  test_support::PostgresCluster cluster;
  auto db = manager_for(cluster.url());
  for (const bool gently : {true, false}) {
    fill(db, 5);
    gently ? cluster.stop() : cluster.kill();
    cluster.restart();
    std::atomic<int> answers{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 8; ++caller) {
      callers.emplace_back(
          [&] { EXPECT_NO_THROW(answers += db.execute_query("SELECT 1").scalar<int>()); });
    }
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(answers, 8);
  }
}

TEST(PoolRecovery, FailsAtOnceWhileThereIsNoServer_AndWorksSoonWhenThereIs) {
  test_support::PostgresCluster cluster;
  auto db = manager_for(cluster.url());
  fill(db, 3);
  cluster.stop();
  const Stopwatch down;
  for (int i = 0; i < 5; ++i) {
    const auto error = thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1"); });
    EXPECT_TRUE(error.is_transient());
    EXPECT_EQ(error.phase(), Phase::not_sent);
  }
  EXPECT_LT(down.elapsed(), 5s);
  const auto status = db.get_pool_status();
  EXPECT_EQ(status.checked_in + status.checked_out, 0U);
  cluster.restart();
  const auto is_served = [&] {
    try {
      return db.execute_query("SELECT 1").scalar<int>() == 1;
    } catch (const ConnectionError&) {
      return false;
    }
  };
  EXPECT_TRUE(wait_until(is_served, 2s));
}

TEST(PoolRecovery, FollowsAConnectionThatBreaksAnywhereWhileItIsMade) {
  test_support::TestDatabase database;
  test_support::ChaosProxy proxy{database.url()};
  auto db = manager_for(proxy.url(), one_connection());
  db.execute_query("SELECT 1");
  const auto whole = proxy.bytes(test_support::Direction::to_client);
  ASSERT_GT(whole, 1000U);
  int failures = 0;
  for (std::uint64_t position = 0; position < whole; position += whole / 60) {
    db.dispose();
    ASSERT_TRUE(wait_until([&] { return proxy.open_connections() == 0; }));
    proxy.cut({.direction = test_support::Direction::to_client, .after_bytes = position});
    try {
      db.execute_query("SELECT 1");
    } catch (const ConnectionError&) {
      ++failures;
    }
    EXPECT_EQ(db.execute_query("SELECT 2").scalar<int>(), 2) << "after byte " << position;
  }
  EXPECT_GT(failures, 30);
}

/// The only slot of a pool meets a server that falls silent in the middle of the login, for ever.
void expect_recovery_from_silence(const std::string& url, std::uint64_t after_bytes) {
  test_support::ChaosProxy proxy{url};
  proxy.cut({.after_bytes = after_bytes, .style = test_support::CutStyle::silence});
  auto options = one_connection();
  options.timeout = 500ms;
  auto db = manager_for(proxy.url() + "&connect_timeout=2", options);
  EXPECT_THROW(db.execute_query("SELECT 1"), ConnectionError) << "after byte " << after_bytes;
  const auto is_served = [&] {
    try {
      return db.execute_query("SELECT 1").scalar<int>() == 1;
    } catch (const Error&) {
      return false;
    }
  };
  EXPECT_TRUE(wait_until(is_served, 8s)) << "after byte " << after_bytes;
}

TEST(PoolRecovery, FollowsAServerThatFallsSilentAnywhereDuringTheLogin) {
  const test_support::TestDatabase database;
  std::uint64_t whole = 0;
  {
    test_support::ChaosProxy proxy{database.url()};
    auto db = manager_for(proxy.url(), one_connection());
    db.execute_query("SELECT 1");
    whole = proxy.bytes(test_support::Direction::to_client);
  }
  constexpr std::uint64_t kPositions = 32;
  std::vector<std::thread> pools;
  for (std::uint64_t i = 0; i < kPositions; ++i) {
    // The last bytes are those of the answer to the query, and no part of the login.
    const auto position = (whole - 200) * i / kPositions;
    pools.emplace_back(
        [&database, position] { expect_recovery_from_silence(database.url(), position); });
  }
  for (auto& pool : pools) pool.join();
}

TEST(PoolRecovery, IsNotDisturbedByAChildProcess) {
  const test_support::TestDatabase database;
  auto db = std::make_unique<DatabaseManager>(manager_for(database, one_connection()));
  const auto session = [&] { return db->execute_query("SELECT pg_backend_pid()").scalar<int>(); };
  const int before = session();
  const pid_t child = fork();
  if (child == 0) {
    db.reset();
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(session(), before) << "the child has ended the parent's session";
}

/// Ends the session of the test's database that waits for a standby in its COMMIT.
void end_what_waits_for_a_standby(const std::string& url) {
  Observer observer{url};
  ASSERT_TRUE(wait_until([&] {
    return observer.scalar("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") ==
           "1";
  }));
  observer.exec(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
}

TEST(PoolRecovery, CallsTheOutcomeUnknown_WhenTheServerEndsASessionThatCommits) {
  test_support::PostgresCluster cluster{
      "synchronous_standby_names = 'absent'\nsynchronous_commit = local"};
  Observer observer{cluster.url()};
  observer.exec("CREATE TABLE t (id int)");
  observer.exec("ALTER DATABASE postgres SET synchronous_commit = on");
  auto db = manager_for(cluster.url(), one_connection());
  const RetryPolicy policy{.min_wait = 0ms, .max_wait = 0ms};
  const auto expect_unknown = [&](auto call) {
    std::thread administrator{[&] { end_what_waits_for_a_standby(cluster.url()); }};
    const auto error = thrown_by<CommitUnknownError>(call);
    administrator.join();
    EXPECT_TRUE(error.is_outcome_unknown());
    EXPECT_FALSE(error.is_transient());
  };
  // Each of them is applied: to run it again would apply it twice.
  expect_unknown([&] {
    db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (1)"); },
                   {.timeout = 5s});
  });
  expect_unknown([&] { db.execute_query_with_retry("INSERT INTO t VALUES (2)", {}, policy); });
  expect_unknown([&] { db.bulk_insert("t", {"id"}, {{3}}); });
  EXPECT_EQ(observer.scalar("SELECT string_agg(id::text, ',' ORDER BY id) FROM t"), "1,2,3");
}

}  // namespace
}  // namespace flowdb::test
