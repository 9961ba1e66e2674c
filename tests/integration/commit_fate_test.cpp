#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
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
#include "support/connection_url.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Cut;
using test_support::CutStyle;
using test_support::Direction;

/// A COMMIT whose answer does not come, and a server that can be asked.
class CommitFate : public testing::Test {
 protected:
  using Body = std::function<void(Transaction&)>;

  CommitFate() {
    database_.exec("CREATE TABLE t (id int)");
    database_.exec(
        "CREATE FUNCTION writes() RETURNS void LANGUAGE sql AS 'INSERT INTO t VALUES (1)'");
  }

  /// `body` in a transaction whose COMMIT gets lost; after how many calls of `body` it was well.
  int calls_until_done(const Cut& cut, const Body& body, const TransactionOptions& options = {}) {
    int calls = 0;
    db_.transaction(
        [&](Transaction& tx) {
          body(tx);
          if (++calls == 1) proxy_.cut(cut);
        },
        options);
    return calls;
  }
  /// Commits of inserts into a table t take longer than any test.
  static void make_commits_slow(const test_support::PostgresCluster& cluster) {
    test_support::Observer{cluster.url()}.exec(
        "CREATE TABLE t (id int);"
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION wait()");
  }
  static std::future<void> kill_at_commit(test_support::PostgresCluster& cluster) {
    return std::async(std::launch::async, [&] {
      test_support::Observer observer{cluster.url()};
      EXPECT_TRUE(test_support::wait_until([&] {
        return observer.scalar(
                   "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT'"
                   " AND wait_event = 'PgSleep'") == "1";
      }));
      cluster.kill();
    });
  }
  std::string rows() { return database_.scalar("SELECT count(*) FROM t"); }

  static void insert(Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (1)"); }

  /// The server never sees it; the server's answer is lost.
  const Cut before_{.direction = Direction::to_server};
  const Cut after_{.direction = Direction::to_client};
  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  DatabaseManager db_ = manager_for(proxy_.url(), one_connection());
};

TEST_F(CommitFate, IsAskedForHoweverTheTransactionWrote) {
  const std::vector<Body> bodies{insert,
                                 [](Transaction& tx) {
                                   tx.execute_query("SELECT 1");
                                   tx.execute_query("SELECT writes()");
                                 },
                                 [](Transaction& tx) {
                                   tx.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", 1}}});
                                 },
                                 [](Transaction& tx) { tx.bulk_insert("t", {"id"}, {{1}}); },
                                 [](Transaction& tx) {
                                   tx.savepoint([](Transaction& inner) { insert(inner); });
                                   thrown_by<QueryError>([&] {
                                     tx.savepoint([](Transaction& inner) {
                                       insert(inner);
                                       inner.execute_query("SELECT 1 / 0");
                                     });
                                   });
                                 }};
  int expected = 0;
  for (const auto& body : bodies) {
    EXPECT_EQ(calls_until_done(after_, body), 1);
    EXPECT_EQ(rows(), std::to_string(++expected));
    EXPECT_EQ(calls_until_done(before_, body), 2);
    EXPECT_EQ(rows(), std::to_string(++expected));
  }
  proxy_.cut(before_);  // BEGIN, which is not repeated
  thrown_by<ConnectionError>([&] { db_.transaction(insert); });
}

TEST_F(CommitFate, IsToldAsAnError_WhenTheCallableMustNotRunAgain) {
  const auto error = thrown_by<TransactionError>(
      [&] { calls_until_done(before_, insert, {.retry_conflicts = false}); });
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_TRUE(error.is_transient());
  EXPECT_EQ(error.statement_index(), -1);
  EXPECT_EQ(rows(), "0");
}

TEST_F(CommitFate, IsDecided_WhenTheServerDoesNotKnowThatNobodyIsThere) {
  auto before = before_;
  before.style = CutStyle::client_only;
  EXPECT_EQ(calls_until_done(before, insert), 2);
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
                             " AND datname = current_database()"),
            "0");
}

/// The very message, which shows without encryption only.
TEST_F(CommitFate, IsFound_WhetherCommitArrivedOrNot) {
  test_support::TemporaryDirectory directory{"rules"};
  std::filesystem::permissions(directory.path(), std::filesystem::perms{0755});
  const auto rules = directory.path() / "pg_hba.conf";
  std::ofstream{rules} << "host all all 127.0.0.1/32 scram-sha-256\n";
  test_support::PostgresCluster cluster{"hba_file = '" + rules.string() + "'"};
  test_support::Observer observer{cluster.url()};
  observer.exec("CREATE TABLE t (id int)");
  test_support::ChaosProxy proxy{
      test_support::with_settings(cluster.url(), {{"sslmode", "disable"}})};
  auto db = manager_for(proxy.url(), one_connection());
  int expected = 0;
  for (const bool is_behind : {false, true}) {
    int calls = 0;
    db.transaction([&](Transaction& tx) {
      insert(tx);
      if (++calls > 1) return;
      proxy.cut(
          {.direction = Direction::to_server,
           .style = CutStyle::close,
           .message = test_support::AtMessage{test_support::Protocol::postgresql, 'Q', is_behind}});
    });
    EXPECT_EQ(calls, is_behind ? 1 : 2);
    EXPECT_EQ(observer.scalar("SELECT count(*) FROM t"), std::to_string(++expected));
  }
}

TEST_F(CommitFate, IsAskedForWithoutASnapshot_WhereTheTransactionHasNoneYet) {
  db_.transaction([&](Transaction& tx) {
    tx.execute_query("SET LOCAL lock_timeout = '5s'");
    tx.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    tx.execute_query("LOCK TABLE t IN SHARE MODE");
    database_.exec("CREATE TABLE another AS SELECT 1 AS id");
    EXPECT_EQ(tx.execute_query("SELECT count(*) FROM another").scalar<int>(), 1);
  });
}

TEST_F(CommitFate, CostsNoRoundTrip) {
  const auto trips = [&](const Body& body) {
    db_.transaction(body);  // statements are prepared, and the connection is warm
    db_.transaction(body);
    db_.transaction(body);
    const auto before = proxy_.turns();
    db_.transaction(body);
    return proxy_.turns() - before;
  };
  EXPECT_EQ(trips(insert), 3U) << "BEGIN, INSERT, COMMIT";
  EXPECT_EQ(trips([](Transaction& tx) { tx.execute_query("SELECT 1"); }), 3U);
}

TEST_F(CommitFate, StaysUnknown_WithoutAWordOfTheServers) {
  test_support::PostgresCluster cluster;
  make_commits_slow(cluster);
  auto db = manager_for(cluster.url(), one_connection());
  const auto killed = kill_at_commit(cluster);
  const Stopwatch stopwatch;
  const auto error =
      thrown_by<CommitUnknownError>([&] { db.transaction(insert, {.timeout = 5s}); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_EQ(error.phase(), Phase::committing);
  EXPECT_LE(stopwatch.elapsed(), 5s + grace);
}

/// Another crash before could have left nothing of it, and its id to somebody else.
TEST_F(CommitFate, StaysUnknownAfterACrash_ThoughTheServerHadCommitted) {
  test_support::PostgresCluster cluster;
  test_support::Observer{cluster.url()}.exec("CREATE TABLE t (id int)");
  test_support::ChaosProxy proxy{cluster.url()};
  auto db = manager_for(proxy.url(), one_connection());
  auto crashed = std::async(std::launch::async, [&] {
    test_support::Observer observer{cluster.url()};
    EXPECT_TRUE(
        test_support::wait_until([&] { return observer.scalar("SELECT count(*) FROM t") == "1"; }));
    cluster.kill();
    cluster.restart();
    proxy.cut_all();
  });
  int calls = 0;
  thrown_by<CommitUnknownError>([&] {
    db.transaction([&](Transaction& tx) {
      insert(tx);
      if (++calls == 1) proxy.cut({.direction = Direction::to_client, .style = CutStyle::silence});
    });
  });
  crashed.get();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(test_support::Observer{cluster.url()}.scalar("SELECT count(*) FROM t"), "1");
}

TEST_F(CommitFate, IsFoundAfterACrash_WhenTheServerHadNotCommitted) {
  test_support::PostgresCluster cluster;
  make_commits_slow(cluster);
  auto db = manager_for(cluster.url(), one_connection());
  auto restarted = std::async(std::launch::async, [&] {
    kill_at_commit(cluster).get();
    cluster.restart();
  });
  int calls = 0;
  db.transaction([&](Transaction& tx) {
    if (++calls == 2) tx.execute_query("ALTER TABLE t DISABLE TRIGGER ALL");
    insert(tx);
  });
  restarted.get();
  EXPECT_EQ(calls, 2) << "the first COMMIT had not come to its end";
  EXPECT_EQ(test_support::Observer{cluster.url()}.scalar("SELECT count(*) FROM t"), "1");
}

/// The id of a transaction of which a crash has left nothing is given to another one.
void expect_nothing_of_another_transaction(int crashes) {
  test_support::PostgresCluster cluster{"wal_writer_delay = 10s"};
  const auto observe = [&](const std::string& sql) {
    return test_support::Observer{cluster.url()}.scalar(sql);
  };
  test_support::Observer{cluster.url()}.exec("CREATE TABLE t (id int); CHECKPOINT");
  test_support::ChaosProxy proxy{cluster.url()};
  auto db = manager_for(proxy.url(), one_connection());
  std::int64_t id = 0;
  std::thread healer;
  const auto end = [&](Transaction& tx) {
    tx.execute_query("INSERT INTO t VALUES (1)");
    id = tx.execute_query("SELECT txid_current()").scalar<std::int64_t>();
    proxy.stall();
    cluster.kill();
    cluster.restart();
    EXPECT_LE(std::stoll(observe("SELECT txid_current()")), id) << "nothing was lost";
    while (std::stoll(observe("SELECT txid_current()")) < id) {
    }
    for (int crash = 1; crash < crashes; ++crash) {
      test_support::Observer{cluster.url()}.exec("CHECKPOINT");  // the id is not lost again
      cluster.kill();
      cluster.restart();
    }
    EXPECT_EQ(observe("SELECT txid_status(" + std::to_string(id) + ")"), "committed");
    healer = std::thread{[&] {
      std::this_thread::sleep_for(300ms);  // COMMIT is on its way by then, or nothing was tested
      proxy.heal();
    }};
  };
  thrown_by<CommitUnknownError>([&] { db.transaction(end, {.timeout = 20s}); });
  healer.join();
  EXPECT_EQ(observe("SELECT count(*) FROM t"), "0");
}

TEST_F(CommitFate, IsNotTakenFromAnotherTransactionThatHasTheSameIdAfterACrash) {
  expect_nothing_of_another_transaction(1);
}

/// The second one knows of the id, which was given to somebody else behind the first.
TEST_F(CommitFate, IsNotTakenFromAnotherTransactionThatHasTheSameIdAfterTwoCrashes) {
  expect_nothing_of_another_transaction(2);
}

}  // namespace
}  // namespace flowdb::test
