#include <chrono>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Cut;
using test_support::Direction;

/// A connection that is cut when the server answers.
class LostAnswer : public testing::Test {
 protected:
  LostAnswer() {
    database_.exec("CREATE TABLE t (id int)");
    db_.execute_query("SELECT 1");
  }

  /// The next answer, or the next statement, is lost, and the connection with it.
  void lose(Direction direction, int times = 1) {
    proxy_.cut(Cut{.direction = direction, .after_bytes = 0, .times = times});
  }
  void lose_answer() { lose(Direction::to_client); }
  /// How many rows there are once the server has finished what it had been sent.
  std::string rows() {
    const std::string others =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
        " AND datname = current_database() AND pid <> pg_backend_pid()";
    EXPECT_TRUE(test_support::wait_until([&] { return database_.scalar(others) == "0"; }));
    return database_.scalar("SELECT count(*) FROM t");
  }
  static RetryPolicy hasty() {
    RetryPolicy policy;
    policy.min_wait = policy.max_wait = 1ms;
    return policy;
  }

  const std::string insert_ = "INSERT INTO t VALUES (1)";
  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  DatabaseManager db_ = manager_for(proxy_.url(), one_connection());
};

TEST_F(LostAnswer, ToAWriteLeavesItsOutcomeUnknown) {
  lose_answer();
  const auto error = thrown_by<CommitUnknownError>([&] { db_.execute_query(insert_); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());
  EXPECT_EQ(error.database_name(), "flow_db");
  EXPECT_EQ(rows(), "1") << "this time it was applied";
  db_.execute_query("SELECT 1");
  lose_answer();
  thrown_by<CommitUnknownError>([&] { db_.bulk_insert("t", {"id"}, {{1}}); });
  EXPECT_EQ(db_.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST_F(LostAnswer, IsNeverTakenForSuccess_WhereverItIsCut) {
  for (std::uint64_t byte = 0;; ++byte) {
    db_.execute_query("SELECT 1");
    const auto before = proxy_.bytes(Direction::to_client);
    proxy_.cut(Cut{.direction = Direction::to_client, .after_bytes = byte});
    try {
      db_.execute_query(insert_);
      EXPECT_EQ(proxy_.bytes(Direction::to_client) - before, byte) << "the answer was whole";
      break;
    } catch (const CommitUnknownError&) {
      ASSERT_LT(byte, 1000U);
    }
  }
}

TEST_F(LostAnswer, ToASelectLeavesOpenWhatItsFunctionsWrote) {
  database_.exec(
      "CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS"
      " 'INSERT INTO t VALUES (7) RETURNING id'");
  lose_answer();
  const auto error = thrown_by<ConnectionError>([&] { db_.execute_query("SELECT writes()"); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient()) << "a flow that tries again would write twice";
  EXPECT_EQ(error.phase(), Phase::sent);
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(db_.execute_query("SELECT 3").scalar<int>(), 3);
}

TEST_F(LostAnswer, ToASelectIsNoDoubt_WhereTheServerLetsNothingBeWritten) {
  auto options = one_connection();
  options.read_only = true;
  auto reader = manager_for(proxy_.url(), options);
  reader.execute_query("SELECT 1");
  lose_answer();
  const auto error = thrown_by<ConnectionError>([&] { reader.execute_query("SELECT 2"); });
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_TRUE(error.is_transient());
}

TEST_F(LostAnswer, ToAProcedureLeavesItsOutcomeUnknown) {
  database_.exec("CREATE PROCEDURE writes() LANGUAGE sql AS 'INSERT INTO t VALUES (7)'");
  lose_answer();
  EXPECT_TRUE(thrown_by<CommitUnknownError>([&] {
                db_.execute_query_with_retry("CALL writes()", {}, hasty());
              }).is_outcome_unknown());
  EXPECT_EQ(rows(), "1");
}

TEST_F(LostAnswer, WithinATransactionMeansThatNothingWasApplied) {
  const auto error = thrown_by<ConnectionError>([&] {
    db_.transaction([&](Transaction& tx) {
      tx.execute_query(insert_);
      lose_answer();
      tx.execute_query(insert_);
    });
  });
  EXPECT_FALSE(error.is_outcome_unknown());
  db_.execute_query("SELECT 1");
  lose_answer();
  thrown_by<ConnectionError>([&] {
    db_.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", 1}}});
  });
  EXPECT_EQ(rows(), "0");
}

TEST_F(LostAnswer, ThatTheCallableSwallowsIsNoDoubtAboutACommitThatWasNeverSent) {
  try {
    db_.transaction([&](Transaction& tx) {
      tx.execute_query(insert_);
      lose_answer();
      thrown_by<ConnectionError>([&] { tx.execute_query(insert_); });
    });
    ADD_FAILURE() << "nothing was committed, and nothing said so";
  } catch (const Error& error) {
    EXPECT_FALSE(error.is_outcome_unknown()) << error.what();
  }
  EXPECT_EQ(rows(), "0");
}

TEST_F(LostAnswer, ToAWriteIsNotRepeated_UnlessItIsIdempotent) {
  lose_answer();
  thrown_by<CommitUnknownError>([&] { db_.execute_query_with_retry(insert_, {}, hasty()); });
  EXPECT_EQ(rows(), "1");
  db_.execute_query("SELECT 1");
  lose_answer();
  const auto upsert = "INSERT INTO t SELECT 2 WHERE NOT EXISTS (SELECT FROM t WHERE id = 2)";
  EXPECT_EQ(db_.execute_query_with_retry(upsert, {}, hasty(), true).affected_rows(), 0U)
      << "the first attempt had been applied";
  EXPECT_EQ(rows(), "2");
}

TEST_F(LostAnswer, ToAReadIsRepeatedOnlyWhenDeclaredIdempotent) {
  // What a SELECT calls may write: its text does not show it.
  database_.exec(
      "CREATE FUNCTION writes() RETURNS void LANGUAGE sql AS 'INSERT INTO t VALUES (7)'");
  lose_answer();
  thrown_by<ConnectionError>([&] { db_.execute_query_with_retry("SELECT writes()", {}, hasty()); });
  EXPECT_EQ(rows(), "1");
  db_.execute_query("SELECT 1");
  lose_answer();
  EXPECT_EQ(db_.execute_query_with_retry("SELECT 5", {}, hasty(), true).scalar<int>(), 5);
  db_.execute_query("SELECT 1");
  lose_answer();
  int calls = 0;
  auto retrying = one_connection();
  retrying.retry = hasty();
  auto db = manager_for(proxy_.url(), retrying);
  db.transaction(
      [&](Transaction& tx) {
        ++calls;
        tx.execute_query("SELECT 6");
      },
      {.read_only = true});
  EXPECT_EQ(calls, 1) << "BEGIN was lost, before the callable was called";
  db.transaction(
      [&](Transaction& tx) {
        if (++calls == 2) lose_answer();
        tx.execute_query("SELECT 6");
      },
      {.read_only = true});
  EXPECT_EQ(calls, 3) << "the server lets nothing be written";
}

TEST_F(LostAnswer, IsRetried_WhenTheStatementHadNotBeenSent) {
  db_.dispose();
  lose(Direction::to_client, 2);
  EXPECT_EQ(db_.execute_query_with_retry(insert_, {}, hasty()).affected_rows(), 1U);
  EXPECT_EQ(rows(), "1");
}

}  // namespace
}  // namespace flowdb::test
