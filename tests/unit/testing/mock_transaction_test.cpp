#include <exception>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "unit/testing/mock_test_support.hpp"

namespace flowdb::testing {
namespace {

using mock_test::impatient_options;
using mock_test::serialization_failure;
using mock_test::thrown_by;
using ::testing::HasSubstr;

class MockTransactionTest : public ::testing::Test {
 protected:
  MockTransactionTest() {
    db.when("INSERT INTO t VALUES (1)").affects(1);
    db.when("INSERT INTO t VALUES (2)").affects(1);
    db.when("SELECT count(*) FROM t").returns(make_rows({"count"}, {{2}}));
  }
  static void insert(Transaction& tx, int value) {
    tx.execute_query("INSERT INTO t VALUES (" + std::to_string(value) + ")");
  }

  MockDatabaseManager db{"mock", impatient_options()};
  const QueryError bad{"refused", {.sqlstate = "22012", .phase = Phase::sent}};
};

TEST_F(MockTransactionTest, Commits_WhenTheCallableReturns) {
  const auto count = db.transaction([&](Transaction& tx) {
    insert(tx, 1);
    return tx.execute_query("SELECT count(*) FROM t").scalar<int>();
  });
  EXPECT_EQ(count, 2);
  EXPECT_EQ(db.commits(), 1U);
  EXPECT_EQ(db.rollbacks(), 0U);
  ASSERT_EQ(db.calls().size(), 2U);
  EXPECT_TRUE(db.calls()[0].in_transaction);
}

TEST_F(MockTransactionTest, RollsBack_WhenTheCallableThrows) {
  EXPECT_THROW(db.transaction([&](Transaction& tx) {
    insert(tx, 1);
    throw std::domain_error("the flow's own");
  }),
               std::domain_error);
  EXPECT_EQ(db.commits(), 0U);
  EXPECT_EQ(db.rollbacks(), 1U);
}

TEST_F(MockTransactionTest, IsAborted_AfterAnError_UntilItIsRolledBack) {
  db.when("SELECT 1/0").fails_with(bad);
  const auto error = thrown_by<TransactionError>([&] {
    db.transaction([&](Transaction& tx) {
      insert(tx, 1);
      EXPECT_THROW(tx.execute_query("SELECT 1/0"), QueryError);
      const auto aborted = thrown_by<QueryError>([&] { insert(tx, 2); });
      EXPECT_EQ(aborted.sqlstate(), "25P02");
    });
  });
  EXPECT_EQ(error.statement_index(), -1);
  EXPECT_EQ(error.sqlstate(), "25P02");
  EXPECT_EQ(db.commits(), 0U);
  EXPECT_EQ(db.rollbacks(), 1U);
  EXPECT_EQ(db.call_count("INSERT INTO t VALUES (2)"), 1U);
  db.transaction([&](Transaction& tx) { insert(tx, 2); });
  EXPECT_EQ(db.commits(), 1U);
}

TEST_F(MockTransactionTest, StaysWell_WhenOnlyTheCallWasWrong) {
  db.transaction([&](Transaction& tx) {
    EXPECT_THROW(tx.execute_query("SELECT :a"), InvalidArgument);
    insert(tx, 1);
  });
  EXPECT_EQ(db.commits(), 1U);
}

TEST_F(MockTransactionTest, IsUsableAgain_BehindASavepointThatFailed) {
  db.when("SELECT 1/0").fails_with(bad);
  db.transaction([&](Transaction& tx) {
    insert(tx, 1);
    EXPECT_THROW(tx.savepoint([](Transaction& inner) { inner.execute_query("SELECT 1/0"); }),
                 QueryError);
    tx.savepoint([&](Transaction& outer) {
      EXPECT_THROW(outer.savepoint([](Transaction& inner) { inner.execute_query("SELECT 1/0"); }),
                   QueryError);
      insert(outer, 2);
    });
  });
  EXPECT_EQ(db.commits(), 1U);
  EXPECT_EQ(db.rollbacks(), 0U);
  EXPECT_EQ(db.calls().size(), 4U);  // no savepoint among them
}

TEST_F(MockTransactionTest, NamesTheStatementThatFailed_AndNestsItsError) {
  db.when("UPDATE t SET a = 1")
      .fails_with(ConstraintError{"violates", {.sqlstate = "23514", .constraint = "a_check"}});
  bool is_nested = false;
  try {
    db.execute_transaction(
        {{"INSERT INTO t VALUES (1)"}, {"UPDATE t SET a = 1"}, {"INSERT INTO t VALUES (2)"}});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const TransactionError& error) {
    EXPECT_EQ(error.statement_index(), 1);
    EXPECT_EQ(error.sqlstate(), "23514");
    EXPECT_THAT(error.what(), HasSubstr("rolled back"));
    try {
      std::rethrow_if_nested(error);
    } catch (const ConstraintError& nested) {
      is_nested = true;
      EXPECT_EQ(nested.constraint_name(), "a_check");
    }
  }
  EXPECT_TRUE(is_nested);
  EXPECT_EQ(db.call_count("INSERT INTO t VALUES (2)"), 0U);
  EXPECT_EQ(db.rollbacks(), 1U);
  EXPECT_EQ(db.commits(), 0U);
}

TEST_F(MockTransactionTest, RunsAgainAsAWhole_AfterASerializationFailure) {
  db.when("UPDATE t SET a = 1").fails_with(serialization_failure()).affects(1);
  int attempts = 0;
  db.transaction([&](Transaction& tx) {
    attempts = tx.attempt();
    insert(tx, 1);
    tx.execute_query("UPDATE t SET a = 1");
  });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(db.call_count("INSERT INTO t VALUES (1)"), 2U);
  EXPECT_EQ(db.commits(), 1U);
  EXPECT_EQ(db.rollbacks(), 1U);
}

TEST_F(MockTransactionTest, RunsAgain_EvenWhenTheCallableSwallowsTheConflict) {
  db.when("UPDATE t SET a = 1").fails_with(serialization_failure()).affects(1);
  db.transaction([&](Transaction& tx) {
    try {
      tx.execute_query("UPDATE t SET a = 1");
    } catch (const QueryError&) {
      EXPECT_EQ(tx.attempt(), 1);
    }
  });
  EXPECT_EQ(db.call_count("UPDATE t SET a = 1"), 2U);
  EXPECT_EQ(db.commits(), 1U);
}

TEST_F(MockTransactionTest, GivesUp_WhenConflictsDoNotEnd_OrMayNotBeRetried) {
  db.when("UPDATE t SET a = 1").fails_with(serialization_failure());
  EXPECT_THROW(db.execute_transaction({{"UPDATE t SET a = 1"}}), TransactionError);
  EXPECT_EQ(db.call_count("UPDATE t SET a = 1"), 3U);
  db.clear_calls();
  EXPECT_THROW(db.execute_transaction({{"UPDATE t SET a = 1"}}, {.retry_conflicts = false}),
               TransactionError);
  EXPECT_EQ(db.call_count("UPDATE t SET a = 1"), 1U);
}

TEST_F(MockTransactionTest, IsNeverRetried_WhenTheAnswerToCommitWasLost) {
  db.lose_next_commit();
  const auto error = thrown_by<CommitUnknownError>(
      [&] { db.execute_transaction({{"INSERT INTO t VALUES (1)"}}); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());
  EXPECT_EQ(error.phase(), Phase::committing);
  EXPECT_EQ(db.rollbacks(), 0U);  // the connection is gone, and was not used again
  EXPECT_EQ(db.call_count("INSERT INTO t VALUES (1)"), 1U);
  EXPECT_EQ(db.commits(), 0U);
  db.execute_transaction({{"INSERT INTO t VALUES (1)"}});
  EXPECT_EQ(db.commits(), 1U);
}

TEST_F(MockTransactionTest, IsGone_NotUnknown_WhenTheConnectionBreaksInside) {
  db.when("UPDATE t SET a = 1").disconnects_after();
  const auto update = [](Transaction& tx) { tx.execute_query("UPDATE t SET a = 1"); };
  const auto error = thrown_by<ConnectionError>([&] { db.transaction(update); });
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_EQ(error.phase(), Phase::sent);
  EXPECT_EQ(db.call_count("UPDATE t SET a = 1"), 1U);
}

TEST_F(MockTransactionTest, RunsAgainAfterALostConnection_OnlyWhenItIsReadOnly) {
  db.when("SELECT a FROM t").disconnects_after().returns(make_rows({"a"}, {{1}}));
  const auto read = [](Transaction& tx) { return tx.execute_query("SELECT a FROM t").size(); };
  EXPECT_EQ(db.transaction(read, {.read_only = true}), 1U);
  EXPECT_EQ(db.call_count("SELECT a FROM t"), 2U);
  db.clear_calls();
  db.when("SELECT a FROM t").disconnects_after().returns(make_rows({"a"}, {{1}}));
  const auto error = thrown_by<ConnectionError>([&] { db.transaction(read); });
  EXPECT_EQ(error.phase(), Phase::sent);
  EXPECT_FALSE(error.is_outcome_unknown());  // never committed, so it is gone
  EXPECT_EQ(db.call_count("SELECT a FROM t"), 1U);
  EXPECT_EQ(db.commits(), 0U);
}

}  // namespace
}  // namespace flowdb::testing
