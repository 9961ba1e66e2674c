// Reads on a streaming standby.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
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

constexpr QueryOptions prefer_replica{.read_preference = ReadPreference::prefer_replica};
constexpr QueryOptions replica_only{.read_preference = ReadPreference::replica};

/// One pair of servers for all of the tests, which leave it as they found it.
class ReplicaOnServer : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    primary_ = std::make_unique<PostgresCluster>();
    Observer{primary_->url()}.exec(
        "CREATE TABLE notes (id int);"
        "CREATE FUNCTION write_note() RETURNS int LANGUAGE plpgsql AS"
        " $$BEGIN INSERT INTO notes VALUES (0); RETURN 1; END$$");
    standby_ = std::make_unique<PostgresCluster>(*primary_, Replication::synchronous);
    Observer{primary_->url()}.exec("ALTER DATABASE postgres SET synchronous_commit = remote_apply");
  }
  static void TearDownTestSuite() {
    standby_.reset();
    primary_.reset();
  }

  ReplicaOnServer() { Observer{primary_->url()}.exec("TRUNCATE notes"); }

  static DatabaseManager manager(DatabaseOptions options = {}) {
    if (!options.replica_connection_string) options.replica_connection_string = standby_->url();
    return manager_for(primary_->url(), std::move(options));
  }
  static bool is_on_standby(DatabaseManager& db, const QueryOptions& options) {
    return db.execute_query("SELECT pg_is_in_recovery()", {}, options).scalar<bool>();
  }
  static void note(int id) {
    // Not waiting for the standby to replay it.
    Observer{primary_->url()}.exec("SET synchronous_commit = on; INSERT INTO notes VALUES (" +
                                   std::to_string(id) + ")");
  }
  static std::int64_t count_notes(DatabaseManager& db, const QueryOptions& options) {
    return db.execute_query("SELECT count(*) FROM notes", {}, options).scalar<std::int64_t>();
  }

  /// While it lives, the standby receives and replays nothing.
  class PausedReplay {
   public:
    PausedReplay() {
      standby_observer_.exec("SELECT pg_wal_replay_pause()");
      EXPECT_TRUE(wait_until([&] {
        return standby_observer_.scalar("SELECT pg_get_wal_replay_pause_state()") == "paused";
      }));
    }
    PausedReplay(const PausedReplay&) = delete;
    PausedReplay& operator=(const PausedReplay&) = delete;
    ~PausedReplay() { resume(); }
    void resume() { standby_observer_.exec("SELECT pg_wal_replay_resume()"); }

   private:
    Observer standby_observer_{standby_->url()};
  };

  static inline std::unique_ptr<PostgresCluster> primary_;
  static inline std::unique_ptr<PostgresCluster> standby_;
};

TEST_F(ReplicaOnServer, ReadsThere_InEveryKindOfCall) {
  auto db = manager();
  EXPECT_FALSE(is_on_standby(db, {}));
  EXPECT_TRUE(is_on_standby(db, prefer_replica));
  EXPECT_TRUE(is_on_standby(db, replica_only));
  note(1);
  EXPECT_TRUE(wait_until([&] { return count_notes(db, replica_only) == 1; }));
  int rows = 0;
  for (const auto& row : db.stream_query("SELECT n, pg_is_in_recovery() AS on_standby"
                                         " FROM generate_series(1, 5000) AS n",
                                         {}, replica_only)) {
    ++rows;
    ASSERT_TRUE(row["on_standby"].as<bool>());
  }
  EXPECT_EQ(rows, 5000);
  const TransactionOptions reading{.isolation = IsolationLevel::repeatable_read,
                                   .read_only = true,
                                   .read_preference = ReadPreference::replica};
  EXPECT_TRUE(db.transaction(
      [](Transaction& tx) { return tx.execute_query("SELECT pg_is_in_recovery()").scalar<bool>(); },
      reading));
  const auto status = db.get_pool_status();
  EXPECT_EQ(status.checked_in, 1U);
  ASSERT_NE(status.replica, nullptr);
  EXPECT_EQ(status.replica->checked_in, 1U);
  const auto health = db.health_check();
  EXPECT_TRUE(health.replica && health.replica->query_test);
  EXPECT_TRUE(health.replica->lag.has_value());
}

TEST_F(ReplicaOnServer, WritesNothing_EvenWhereAFunctionHidesIt) {
  auto db = manager();
  // The standby refuses by itself; the primary, asked in its place, must do the same.
  for (const bool is_there : {true, false}) {
    DatabaseOptions options;
    if (!is_there) options.replica_connection_string = "postgresql://postgres@127.0.0.1:1/none";
    auto either = manager(options);
    const auto error = thrown_by<QueryError>(
        [&] { either.execute_query("SELECT write_note()", {}, prefer_replica); });
    EXPECT_EQ(error.sqlstate(), "25006");
    thrown_by<QueryError>([&] { either.stream_query("SELECT write_note()", {}, prefer_replica); });
  }
  thrown_by<InvalidArgument>([&] { db.execute_query("DELETE FROM notes", {}, replica_only); });
  thrown_by<QueryError>([&] {
    db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO notes VALUES (1)"); },
                   {.read_only = true, .read_preference = ReadPreference::replica});
  });
  EXPECT_EQ(count_notes(db, {}), 0);
  EXPECT_GE(db.get_pool_status().replica->checked_in, 1U) << "no failure of the replica's";
}

TEST_F(ReplicaOnServer, IsNotUsedWhileItLags_AndAgainWhenItHasCaughtUp) {
  const LogCapture log;
  auto db = manager({.replica_max_lag = 200ms});
  ASSERT_TRUE(is_on_standby(db, prefer_replica));
  PausedReplay pause;
  // Nothing is missing on it yet, however long it stands still.
  const Stopwatch paused;
  EXPECT_TRUE(wait_until([&] {
    EXPECT_TRUE(is_on_standby(db, prefer_replica));
    return paused.elapsed() > 500ms;
  }));
  note(1);
  ASSERT_TRUE(wait_until([&] { return !is_on_standby(db, prefer_replica); }));
  EXPECT_EQ(count_notes(db, prefer_replica), 1);
  const auto error = thrown_by<ConnectionError>([&] { is_on_standby(db, replica_only); });
  EXPECT_TRUE(error.is_transient());
  EXPECT_EQ(error.database_name(), "flow_db/replica");
  EXPECT_NE(std::string{error.what()}.find("lags by "), std::string::npos) << error.what();
  const auto health = db.health_check();
  EXPECT_EQ(health.status, Health::degraded);
  EXPECT_GT(health.replica->lag.value_or(0ms), 200ms);
  pause.resume();
  EXPECT_TRUE(wait_until([&] { return is_on_standby(db, prefer_replica); }));
  EXPECT_EQ(count_notes(db, replica_only), 1);
}

TEST_F(ReplicaOnServer, IsFoundToLag_WhenItsConnectionGoesFromHandToHand) {
  const LogCapture log;
  auto db = manager({.replica_max_lag = 100ms, .pool_size = 1, .max_overflow = 0});
  Observer observer{standby_->url()};
  observer.exec("SELECT pg_advisory_lock(1)");
  std::thread holder{[&] {
    EXPECT_NO_THROW(db.execute_query("SELECT pg_advisory_xact_lock_shared(1)", {}, replica_only));
  }};
  EXPECT_TRUE(wait_until([&] {
    return observer.scalar(
               "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
               " AND NOT granted") == "1";
  }));
  const PausedReplay pause;
  note(1);
  const Stopwatch since_noted;
  EXPECT_TRUE(wait_until([&] {
    return since_noted.elapsed() > 200ms &&
           observer.scalar("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()") == "t";
  }));
  // It gets what the holder gives back, at that very moment.
  std::string refusal;
  std::thread successor{[&] {
    try {
      is_on_standby(db, replica_only);
    } catch (const ConnectionError& error) {
      refusal = error.what();
    }
  }};
  EXPECT_TRUE(wait_until([&] { return db.get_pool_status().replica->waiting == 1; }));
  observer.exec("SELECT pg_advisory_unlock(1)");
  holder.join();
  successor.join();
  EXPECT_NE(refusal.find("lags by "), std::string::npos) << refusal;
}

TEST_F(ReplicaOnServer, KeepsItsSession_WhenItIsLookedAt) {
  auto db = manager({.replica_max_lag = 200ms, .pool_size = 1, .max_overflow = 0});
  // Several looks, each instead of a ping or when it comes back.
  const Stopwatch stopwatch;
  EXPECT_TRUE(wait_until([&] {
    db.execute_query("SELECT 'kept'", {}, replica_only);
    return stopwatch.elapsed() > 500ms;
  }));
  EXPECT_EQ(
      db.execute_query("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :part"
                       " AND prepare_time < clock_timestamp() - interval '300 ms'",
                       {{"part", "%kept%"}}, replica_only)
          .scalar<int>(),
      1);
}

TEST_F(ReplicaOnServer, ShowsOldRowsWhileItLags_WhereAnyLagWillDo) {
  auto db = manager();
  EXPECT_EQ(count_notes(db, replica_only), 0);
  PausedReplay pause;
  note(1);
  EXPECT_EQ(count_notes(db, replica_only), 0);
  EXPECT_EQ(count_notes(db, {}), 1);
  pause.resume();
  EXPECT_TRUE(wait_until([&] { return count_notes(db, replica_only) == 1; }));
}

TEST_F(ReplicaOnServer, IsReplacedByThePrimaryWithinTheDeadline_WhenItFallsSilent) {
  const LogCapture log;
  test_support::ChaosProxy proxy{standby_->url()};
  proxy.stall();  // from the login on
  auto db = manager({.replica_connection_string = proxy.url()});
  const Stopwatch stopwatch;
  EXPECT_FALSE(
      db.execute_query("SELECT pg_is_in_recovery()", {}, {ReadPreference::prefer_replica, 1500ms})
          .scalar<bool>());
  EXPECT_LT(stopwatch.elapsed(), 1500ms + grace);
  proxy.heal();
  EXPECT_TRUE(wait_until([&] { return is_on_standby(db, prefer_replica); }));
  // Lost wherever it may be.
  for (const std::uint64_t position : {0U, 5U, 40U}) {
    proxy.cut({.direction = test_support::Direction::to_client, .after_bytes = position});
    EXPECT_NO_THROW(is_on_standby(db, prefer_replica));
  }
  EXPECT_TRUE(wait_until([&] { return is_on_standby(db, prefer_replica); }));
}

TEST(ReplicaFailover, IsNotUsedAnyMore_WhenItIsPromoted) {
  const LogCapture log;
  PostgresCluster primary;
  PostgresCluster standby{primary, Replication::asynchronous};
  auto db = manager_for(primary.url(), {.replica_connection_string = standby.url()});
  const auto is_on_standby = [&] {
    return db.execute_query("SELECT current_setting('port')", {}, prefer_replica)
               .scalar<std::string>() != Observer{primary.url()}.scalar("SHOW port");
  };
  ASSERT_TRUE(is_on_standby());
  standby.promote();
  // One read may find out, and then there are no others.
  is_on_standby();
  EXPECT_FALSE(is_on_standby());
  const auto error =
      thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1", {}, replica_only); });
  EXPECT_NE(std::string{error.what()}.find("standby"), std::string::npos) << error.what();
  EXPECT_EQ(db.get_pool_status().replica->checked_in, 0U);
}

TEST(ReplicaOutageTiming, CostsAReadThatPrefersItNextToNothing) {
  LogCapture log;
  PostgresCluster primary;
  PostgresCluster standby{primary, Replication::asynchronous};
  auto db = manager_for(primary.url(), {.replica_connection_string = standby.url()});
  db.execute_query("SELECT 1", {}, prefer_replica);
  standby.stop();
  const auto read = [&] { db.execute_query("SELECT 1", {}, prefer_replica); };
  EXPECT_TRUE(wait_until([&] {
    read();
    return db.get_pool_status().replica->is_circuit_open;
  }));
  std::vector<std::chrono::steady_clock::duration> times;
  for (int call = 0; call < 200; ++call) {
    const auto start = std::chrono::steady_clock::now();
    read();
    times.push_back(std::chrono::steady_clock::now() - start);
  }
  std::nth_element(times.begin(), times.begin() + 100, times.end());
  EXPECT_LT(times[100], 20ms) << "three round trips to the primary";
  EXPECT_LT(log.with("outcome=connection_failed").size(), 20U) << "no record for each call";
  standby.restart();
  EXPECT_TRUE(wait_until(
      [&] {
        return db.execute_query("SELECT pg_is_in_recovery()", {}, prefer_replica).scalar<bool>();
      },
      3s));
}

}  // namespace
}  // namespace flowdb::test
