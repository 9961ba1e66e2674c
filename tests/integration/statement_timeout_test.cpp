#include <chrono>
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

class StatementTimeoutTiming : public testing::Test {
 protected:
  /// Statements that the server is working on for anybody but the observer.
  std::string running() {
    return database_.scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state <> 'idle' AND pid <> pg_backend_pid()");
  }
  int backend(DatabaseManager& db) {
    return db.execute_query("SELECT pg_backend_pid()").scalar<int>();
  }

  test_support::TestDatabase database_;
};

TEST_F(StatementTimeoutTiming, CancelsOnTheServer_AndKeepsTheConnection) {
  auto db = manager_for(database_, one_connection());
  const int pid = backend(db);
  const Stopwatch stopwatch;
  const auto error = thrown_by<TimeoutError>(
      [&] { db.execute_query_with_timeout("SELECT pg_sleep(30)", {}, 1s); });
  EXPECT_GE(stopwatch.elapsed(), 1s);
  EXPECT_LE(stopwatch.elapsed(), 1s + grace);
  EXPECT_EQ(running(), "0");
  const Stopwatch next;
  EXPECT_EQ(backend(db), pid);
  EXPECT_LE(next.elapsed(), grace);
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());
  EXPECT_EQ(error.sqlstate(), "57014");
  EXPECT_EQ(error.database_name(), "flow_db");
  const std::string message = error.what();
  EXPECT_NE(message.find("flow_db"), std::string::npos) << message;
  EXPECT_NE(message.find("pg_sleep"), std::string::npos) << message;
}

TEST_F(StatementTimeoutTiming, CountsTheWaitForAConnection) {
  auto options = one_connection();
  options.timeout = 10s;
  auto db = manager_for(database_, options);
  std::promise<void> held;
  auto holder = std::async(std::launch::async, [&] {
    db.transaction([&](Transaction& tx) {
      tx.execute_query("SELECT 1");
      held.set_value();
      tx.execute_query("SELECT pg_sleep(0.6)");
    });
  });
  held.get_future().wait();
  // The server is told of 1 s, but only 0.4 s are left when the statement starts.
  const Stopwatch stopwatch;
  thrown_by<TimeoutError>([&] { db.execute_query_with_timeout("SELECT pg_sleep(30)", {}, 1s); });
  EXPECT_GE(stopwatch.elapsed(), 1s);
  EXPECT_LE(stopwatch.elapsed(), 1s + grace);
  holder.get();
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
  EXPECT_GT(backend(db), 0);
}

TEST_F(StatementTimeoutTiming, IsTheManagersOwn_UnlessGiven) {
  auto options = one_connection();
  options.timeout = 300ms;
  auto db = manager_for(database_, options);
  const Stopwatch stopwatch;
  thrown_by<TimeoutError>([&] { db.execute_query("SELECT pg_sleep(30)"); });
  EXPECT_LE(stopwatch.elapsed(), 300ms + grace);
  // A longer one holds for its own call only, and so does a shorter one.
  db.execute_query_with_timeout("SELECT pg_sleep(0.5)", {}, 10s);
  thrown_by<TimeoutError>([&] { db.execute_query("SELECT pg_sleep(30)"); });
}

TEST_F(StatementTimeoutTiming, OfOneCallDoesNotHoldForTheNext) {
  auto options = one_connection();
  options.timeout = 10s;
  auto db = manager_for(database_, options);
  database_.exec("CREATE TABLE slow (id int)");
  database_.exec(
      "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
      " $$ BEGIN PERFORM pg_sleep(0.3); RETURN new; END $$");
  database_.exec(
      "CREATE TRIGGER slowly BEFORE INSERT ON slow"
      " FOR EACH ROW EXECUTE FUNCTION slowly()");
  const auto shorten = [&] { db.execute_query_with_timeout("SELECT 1", {}, 100ms); };
  shorten();
  db.execute_query("INSERT INTO slow VALUES (1)");
  shorten();
  EXPECT_EQ(db.bulk_insert("slow", {"id"}, {{1}}), 1U);
  shorten();
  EXPECT_EQ(db.execute_batch("INSERT INTO slow VALUES (:id)", {{{"id", 2}}}), 1U);
  shorten();
  db.transaction([](Transaction& tx) { tx.bulk_insert("slow", {"id"}, {{3}}); });
  shorten();
  for (const auto& row : db.stream_query("SELECT pg_sleep(0.3)")) EXPECT_EQ(row.size(), 1U);
}

TEST_F(StatementTimeoutTiming, HoldsForAWholeTransaction) {
  auto db = manager_for(database_, one_connection());
  database_.exec("CREATE TABLE t (id int)");
  const TransactionOptions options{.timeout = 700ms};
  const Stopwatch stopwatch;
  thrown_by<TimeoutError>([&] {
    db.transaction(
        [](Transaction& tx) {
          tx.execute_query("INSERT INTO t VALUES (1)");
          for (int i = 0; i < 100; ++i) tx.execute_query("SELECT pg_sleep(0.1)");
        },
        options);
  });
  EXPECT_GE(stopwatch.elapsed(), 700ms);
  EXPECT_LE(stopwatch.elapsed(), 700ms + grace);
  EXPECT_EQ(db.execute_query("SELECT count(*) FROM t").scalar<int>(), 0);
  const Stopwatch again;
  thrown_by<TimeoutError>([&] {
    db.execute_transaction({{"SELECT pg_sleep(0.5)"}, {"SELECT pg_sleep(30)"}}, options);
  });
  EXPECT_LE(again.elapsed(), 700ms + grace);
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
}

TEST_F(StatementTimeoutTiming, HoldsForABatchAndABulkInsert) {
  auto options = one_connection();
  options.timeout = 500ms;
  auto db = manager_for(database_, options);
  database_.exec("CREATE TABLE t (id int)");
  database_.exec(
      "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
      " $$ BEGIN PERFORM pg_sleep(0.05); RETURN new; END $$");
  database_.exec(
      "CREATE TRIGGER slowly BEFORE INSERT ON t"
      " FOR EACH ROW EXECUTE FUNCTION slowly()");
  std::vector<Params> sets(1000, Params{{"id", 1}});
  std::vector<std::vector<Value>> rows(1000, {1});
  const Stopwatch batch;
  thrown_by<TimeoutError>([&] { db.execute_batch("INSERT INTO t VALUES (:id)", sets); });
  EXPECT_LE(batch.elapsed(), 500ms + grace);
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
  db.execute_query_with_timeout("SELECT 1", {}, 100ms);  // a limit that must not strike
  const Stopwatch bulk;
  thrown_by<TimeoutError>([&] { db.bulk_insert("t", {"id"}, rows); });
  EXPECT_GE(bulk.elapsed(), 500ms);
  EXPECT_LE(bulk.elapsed(), 500ms + grace);
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "0");
}

TEST_F(StatementTimeoutTiming, HoldsWhileRowsFloodIn) {
  DatabaseOptions options;
  options.timeout = 500ms;
  auto db = manager_for(database_, options);
  const std::string flood = "SELECT generate_series(1, 2000000000)";
  const Stopwatch query;
  thrown_by<TimeoutError>([&] { db.execute_query(flood); });
  EXPECT_LE(query.elapsed(), 500ms + grace);
  const Stopwatch transaction;
  thrown_by<TimeoutError>([&] {
    db.transaction([&](Transaction& tx) {
      tx.execute_query("SELECT pg_sleep(0.2)");
      tx.execute_query(flood);  // the server would let it run until 0.7 s
    });
  });
  EXPECT_LE(transaction.elapsed(), 500ms + grace);
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
}

TEST_F(StatementTimeoutTiming, IsNotWhatAnAdministratorsCancellationIsCalled) {
  auto db = manager_for(database_, one_connection());
  auto cancelled = std::async(std::launch::async, [&] {
    return thrown_by<QueryError>([&] { db.execute_query("SELECT pg_sleep(30)"); });
  });
  const std::string sleeping =
      "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'"
      " AND state = 'active' AND datname = current_database()";
  EXPECT_TRUE(wait_until([&] { return database_.scalar(sleeping) == "1"; }));
  database_.exec(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
      " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  EXPECT_EQ(cancelled.get().sqlstate(), "57014");
  EXPECT_GT(backend(db), 0);
}

}  // namespace
}  // namespace flowdb::test
