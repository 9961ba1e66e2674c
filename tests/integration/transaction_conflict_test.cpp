#include <atomic>
#include <future>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

/// Two transactions of two threads that get into each other's way.
class TransactionConflict : public testing::Test {
 protected:
  TransactionConflict() {
    database_.exec("CREATE TABLE doctors (id int PRIMARY KEY, on_call bool)");
    database_.exec("INSERT INTO doctors VALUES (1, true), (2, true)");
  }

  /// Waits until both threads have come here.
  void meet() {
    ++met_;
    ASSERT_TRUE(test_support::wait_until([&] { return met_ >= 2; }));
  }
  /// Goes off call when somebody else is on call. At their first attempt both look before either
  /// writes.
  bool go_off_call(Transaction& tx, int id) {
    attempts_ += 1;
    const auto on_call =
        tx.execute_query("SELECT count(*) FROM doctors WHERE on_call").scalar<int>();
    if (tx.attempt() == 1) meet();
    if (on_call < 2) return false;
    tx.execute_query("UPDATE doctors SET on_call = false WHERE id = :id", {{"id", id}});
    return true;
  }
  /// Takes both rows, in an order of its own.
  void take(Transaction& tx, int first, int second) {
    attempts_ += 1;
    const std::string update = "UPDATE doctors SET on_call = NOT on_call WHERE id = :id";
    tx.execute_query(update, {{"id", first}});
    if (tx.attempt() == 1) meet();
    tx.execute_query(update, {{"id", second}});
  }
  template <class Body>
  static auto start(Body body) {
    return std::async(std::launch::async, body);
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_);
  std::atomic<int> met_{0};
  std::atomic<int> attempts_{0};
};

TEST_F(TransactionConflict, IsRunAgain_WhenItCouldNotBeSerialized) {
  const TransactionOptions serializable{.isolation = IsolationLevel::serializable};
  const auto doctor = [&](int id) {
    return start([&, id] {
      return db_.transaction([&](Transaction& tx) { return go_off_call(tx, id); }, serializable);
    });
  };
  auto first = doctor(1);
  auto second = doctor(2);
  const int gone = (first.get() ? 1 : 0) + (second.get() ? 1 : 0);
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM doctors WHERE on_call"), "1");
  EXPECT_EQ(attempts_, 3);
}

TEST_F(TransactionConflict, IsRunAgain_AfterADeadlock) {
  const auto taker = [&](int first, int second) {
    return start(
        [&, first, second] { db_.transaction([&](Transaction& tx) { take(tx, first, second); }); });
  };
  auto forth = taker(1, 2);
  auto back = taker(2, 1);
  forth.get();
  back.get();
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM doctors WHERE on_call"), "2");
  EXPECT_EQ(attempts_, 3);
}

TEST_F(TransactionConflict, IsRunAgain_WhenTheCallableSwallowsIt) {
  db_.transaction(
      [&](Transaction& tx) {
        attempts_ += 1;
        tx.execute_query("SELECT count(*) FROM doctors WHERE on_call");
        if (tx.attempt() > 1) return;
        database_.exec(
            "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM doctors WHERE on_call;"
            " UPDATE doctors SET on_call = false WHERE id = 1; COMMIT");
        const auto update = [&] { tx.execute_query("UPDATE doctors SET id = 3 WHERE id = 2"); };
        EXPECT_EQ(thrown_by<QueryError>(update).sqlstate(), "40001");
      },
      {.isolation = IsolationLevel::serializable});
  EXPECT_EQ(attempts_, 2);
}

TEST_F(TransactionConflict, IsTheCallersToSolve_WhenRetriesAreOff) {
  TransactionOptions options{.isolation = IsolationLevel::serializable};
  options.retry_conflicts = false;
  std::atomic<int> conflicts{0};
  const auto doctor = [&](int id) {
    return start([&, id] {
      try {
        db_.transaction([&](Transaction& tx) { go_off_call(tx, id); }, options);
      } catch (const QueryError& error) {
        EXPECT_EQ(error.sqlstate(), "40001");
        EXPECT_TRUE(error.is_transient());
        ++conflicts;
      }
    });
  };
  auto first = doctor(1);
  auto second = doctor(2);
  first.get();
  second.get();
  EXPECT_EQ(conflicts, 1);
  EXPECT_EQ(attempts_, 2);
}

TEST_F(TransactionConflict, OfAStatementOfItsOwnIsRunAgain_OnlyWithRetry) {
  database_.exec("CREATE SEQUENCE tries");
  database_.exec(
      "CREATE FUNCTION conflict_twice() RETURNS bigint LANGUAGE plpgsql AS $$"
      " DECLARE try bigint := nextval('tries'); BEGIN IF try % 3 <> 0 THEN RAISE EXCEPTION"
      " 'not yet' USING ERRCODE = 'serialization_failure'; END IF; RETURN try; END $$");
  const std::string sql = "SELECT conflict_twice()";
  EXPECT_EQ(db_.execute_query_with_retry(sql).scalar<int>(), 3);
  EXPECT_EQ(thrown_by<QueryError>([&] { db_.execute_query(sql); }).sqlstate(), "40001");
  database_.exec("ALTER SEQUENCE tries RESTART");
  EXPECT_EQ(db_.execute_transaction({{sql}})[0].scalar<int>(), 3);
}

TEST_F(TransactionConflict, ThatASavepointHasUndoneIsNoReasonToRunAgain) {
  const auto error = thrown_by<TransactionError>([&] {
    db_.transaction([&](Transaction& tx) {
      attempts_ += 1;
      const auto conflict = [&] {
        tx.savepoint([](Transaction& part) {
          part.execute_query(
              "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'deadlock_detected'; END $$");
        });
      };
      EXPECT_EQ(thrown_by<QueryError>(conflict).sqlstate(), "40P01");
      thrown_by<QueryError>([&] { tx.execute_query("SELECT 1 / 0"); });
    });
  });
  EXPECT_EQ(attempts_, 1) << "the division fails again";
  EXPECT_EQ(error.sqlstate(), "25P02");
  EXPECT_FALSE(error.is_transient());
}

}  // namespace
}  // namespace flowdb::test
