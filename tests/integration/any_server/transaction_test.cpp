#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "integration/any_server/any_server.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

class AnyServerTransactions : public AnyServer {
 protected:
  void insert(Transaction& tx, int id) const {
    tx.execute_query("INSERT INTO " + table_ + " (id) VALUES (:id)", {{"id", id}});
  }

  std::string table_ = make_table("id int PRIMARY KEY CHECK (id > 0), amount int");
  DatabaseManager db_ = manager();
};
FLOWDB_ON_EVERY_SERVER(AnyServerTransactions);

TEST_P(AnyServerTransactions, CommitAllThatTheirCallableDid) {
  const auto count = db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    tx.execute_batch("INSERT INTO " + table_ + " (id) VALUES (:id)", {{{"id", 2}}, {{"id", 3}}});
    tx.bulk_insert(table_, {"id"}, {{4}, {5}});
    return tx.execute_query("SELECT count(*) FROM " + table_).scalar<int>();
  });
  EXPECT_EQ(count, 5);
  EXPECT_EQ(ids(table_), "1 2 3 4 5");
}

TEST_P(AnyServerTransactions, RollBackWhenTheirCallableThrows) {
  EXPECT_THROW(db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    throw std::domain_error("the order was refused");
  }),
               std::domain_error);
  EXPECT_THROW(db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    insert(tx, -1);
  }),
               ConstraintError);
  EXPECT_EQ(ids(table_), "");
  db_.transaction([&](Transaction& tx) { insert(tx, 7); });
  EXPECT_EQ(ids(table_), "7");
}

TEST_P(AnyServerTransactions, SavepointsTakeBackTheirOwnPart) {
  db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    tx.savepoint([&](Transaction& outer) {
      insert(outer, 2);
      thrown_by<ConstraintError>([&] {
        outer.savepoint([&](Transaction& inner) {
          insert(inner, 3);
          inner.savepoint([&](Transaction& innermost) { insert(innermost, 4); });
          insert(inner, 1);
        });
      });
      insert(outer, 5);
    });
    EXPECT_THROW(tx.savepoint([&](Transaction& part) {
      insert(part, 6);
      throw std::domain_error("not this one");
    }),
                 std::domain_error);
    tx.savepoint([&](Transaction& part) { insert(part, 7); });
  });
  EXPECT_EQ(ids(table_), "1 2 5 7");
}

TEST_P(AnyServerTransactions, AreNoSuccess_WhenAFailedStatementIsPassedOver) {
  EXPECT_THROW(db_.transaction([&](Transaction& tx) {
    insert(tx, 1);
    thrown_by<ConstraintError>([&] { insert(tx, 1); });
  }),
               TransactionError);
  EXPECT_EQ(ids(table_), "");
}

TEST_P(AnyServerTransactions, OfAListTellWhichStatementFailed) {
  const Statement first{"INSERT INTO " + table_ + " (id) VALUES (:id)", {{"id", 1}}};
  const auto error = thrown_by<TransactionError>([&] {
    db_.execute_transaction({first, {"SELECT id FROM " + table_}, first});
  });
  EXPECT_EQ(error.statement_index(), 2);
  EXPECT_EQ(ids(table_), "");
  const auto results = db_.execute_transaction(
      {first, {"SELECT id FROM " + table_}, {"UPDATE " + table_ + " SET amount = 5"}});
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[1].scalar<int>(), 1);
  EXPECT_EQ(results[2].affected_rows(), 1U);
}

TEST_P(AnyServerTransactions, OfEachIsolationLevelCommit) {
  int id = 0;
  for (const auto level : {IsolationLevel::read_committed, IsolationLevel::repeatable_read,
                           IsolationLevel::serializable}) {
    db_.transaction([&](Transaction& tx) { insert(tx, ++id); }, {.isolation = level});
  }
  EXPECT_EQ(ids(table_), "1 2 3");
}

TEST_P(AnyServerTransactions, ThatMayOnlyReadWriteNothing) {
  EXPECT_THROW(db_.transaction([&](Transaction& tx) { insert(tx, 1); }, {.read_only = true}),
               Error);
  EXPECT_EQ(ids(table_), "");
  db_.transaction([&](Transaction& tx) { insert(tx, 2); });
  EXPECT_EQ(ids(table_), "2");

  auto options = one_connection();
  options.read_only = true;
  auto reader = manager(options);
  EXPECT_EQ(reader.execute_query("SELECT id FROM " + table_).scalar<int>(), 2);
  EXPECT_THROW(reader.execute_query("DELETE FROM " + table_), Error);
  EXPECT_THROW(reader.bulk_insert(table_, {"id"}, {{1}}), Error);
  EXPECT_THROW(reader.transaction([&](Transaction& tx) { insert(tx, 3); }), Error);
  EXPECT_EQ(reader.execute_query("SELECT count(*) FROM " + table_).scalar<int>(), 1);
  EXPECT_EQ(ids(table_), "2");
}

TEST_P(AnyServerTransactions, RunAgainAfterADeadlock) {
  db_.execute_batch("INSERT INTO " + table_ + " (id, amount) VALUES (:id, 0)",
                    {{{"id", 1}}, {{"id", 2}}});
  auto db = manager({.pool_size = 2, .max_overflow = 0});
  const auto update = "UPDATE " + table_ + " SET amount = amount + 1 WHERE id = :id";
  std::atomic<int> holding{0};
  const auto both = [&](int first, int second) {
    db.transaction([&](Transaction& tx) {
      tx.execute_query(update, {{"id", first}});
      if (tx.attempt() == 1) {
        ++holding;
        holding.notify_all();
        for (int now = holding; now < 2; now = holding) holding.wait(now);
      }
      tx.execute_query(update, {{"id", second}});
    });
  };
  std::thread other{[&] { both(2, 1); }};
  both(1, 2);
  other.join();
  EXPECT_EQ(db.execute_query("SELECT sum(amount) FROM " + table_).scalar<int>(), 4);
}

}  // namespace
}  // namespace flowdb::test
