#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

using testing::HasSubstr;

/// What EXEC runs may commit a part of its work before it fails.
class SqlserverProcedure : public Sqlserver {
 protected:
  int count() { return observer().execute_query("SELECT count(*) FROM " + table_).scalar<int>(); }
  std::string adding(const std::string& rest) const {
    return "EXEC ('INSERT INTO " + table_ + " VALUES (1) " + rest + "')";
  }
  const std::string table_ = make_table("id int CHECK (id > 0)");
};

TEST_F(SqlserverProcedure, ThatFailsMidwayLeavesTheOutcomeUnknown_AndIsNotRunAgain) {
  const auto error = thrown_by<QueryError>(
      [&] { db_.execute_query_with_retry(adding("RAISERROR (''no'', 16, 1)")); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());
  EXPECT_EQ(error.phase(), Phase::sent);
  EXPECT_THAT(error.what(), HasSubstr("may have committed a part of its work"));
  EXPECT_EQ(count(), 1);
  // A deadlock would be worth another attempt, were it known that nothing had been done before it.
  EXPECT_TRUE(thrown_by<ConstraintError>([&] {
                db_.execute_query_with_retry(adding("INSERT INTO " + table_ + " VALUES (-1)"));
              }).is_outcome_unknown());
  EXPECT_EQ(count(), 2);
}

TEST_F(SqlserverProcedure, IsTheOnlyOneInDoubt) {
  const auto insert = "INSERT INTO " + table_ + " VALUES (-1)";
  EXPECT_FALSE(thrown_by<ConstraintError>([&] { db_.execute_query(insert); }).is_outcome_unknown());
  const auto in_transaction = thrown_by<TransactionError>([&] {
    db_.execute_transaction({{adding("")}, {adding("RAISERROR (''no'', 16, 1)")}});
  });
  EXPECT_FALSE(in_transaction.is_outcome_unknown()) << "all of it was rolled back";
  EXPECT_EQ(count(), 0);
}

TEST_F(SqlserverProcedure, ThatEndsTheTransactionIsNoRollback) {
  // SQL Server refuses the EXEC, with error 266; a server that does not finds no transaction to
  // commit.
  const auto commits = [&](const std::string& end) {
    try {
      db_.transaction([&](Transaction& tx) { tx.execute_query(adding(end)); });
    } catch (const Error& error) {
      return error.is_outcome_unknown();
    }
    return false;
  };
  EXPECT_TRUE(commits("COMMIT TRANSACTION"));
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(commits("ROLLBACK TRANSACTION"));
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(db_.execute_query("SELECT @@TRANCOUNT").scalar<int>(), 0);
}

TEST_F(SqlserverProcedure, IsTheOnlyWayToEndATransaction) {
  for (const auto* end : {"SELECT 1 AS one COMMIT", "IF @@TRANCOUNT > 0 ROLLBACK"}) {
    EXPECT_THROW(db_.transaction([&](Transaction& tx) { tx.execute_query(end); }), InvalidArgument)
        << end;
  }
}

}  // namespace
}  // namespace flowdb::test
