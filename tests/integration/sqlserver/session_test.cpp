#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/soci.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

/// What one borrower of a connection does to its session, the next one must not notice.
class SqlserverSession : public Sqlserver {};

TEST_F(SqlserverSession, TakesBackWhatStatementsLeftBehind) {
  db_.execute_query("CREATE TABLE #mine (id int)");
  EXPECT_THROW(db_.execute_query("SELECT id FROM #mine"), QueryError);
  db_.execute_query("SET DATEFIRST 3");
  EXPECT_EQ(db_.execute_query("SELECT @@DATEFIRST").scalar<int>(), 7);
  db_.execute_query("SET ROWCOUNT 1");
  EXPECT_EQ(db_.execute_query("SELECT 1 AS n UNION ALL SELECT 2").size(), 2U);
}

TEST_F(SqlserverSession, TakesBackWhatWasDoneThroughSoci) {
  const auto table = make_table("id int");
  {
    auto lease = db_.lease_session();
    lease.session() << "SET DATEFIRST 5";
    lease.session() << "BEGIN TRANSACTION";
    lease.session() << "INSERT INTO " + table + " VALUES (1)";
  }
  EXPECT_EQ(db_.execute_query("SELECT @@DATEFIRST").scalar<int>(), 7);
  EXPECT_EQ(db_.execute_query("SELECT @@TRANCOUNT").scalar<int>(), 0);
  EXPECT_EQ(observer().execute_query("SELECT count(*) FROM " + table).scalar<int>(), 0);
}

TEST_F(SqlserverSession, IsKept_WhenNothingWasLeftBehind) {
  const auto table = make_table("id int PRIMARY KEY");
  const int before = session();
  db_.transaction([&](Transaction& tx) {
    tx.execute_query("INSERT INTO " + table + " VALUES (1)");
    EXPECT_THROW(tx.savepoint([&](Transaction& part) {
      part.execute_query("INSERT INTO " + table + " VALUES (1)");
    }),
                 ConstraintError);
  });
  EXPECT_THROW(db_.execute_query("SELECT no_such_column FROM " + table), QueryError);
  for (const auto& row : db_.stream_query("SELECT id FROM " + table)) {
    EXPECT_EQ(row["id"].as<int>(), 1);
  }
  db_.transaction([&](Transaction& tx) { tx.execute_query("SELECT 1 AS one"); },
                  {.isolation = IsolationLevel::read_committed});
  EXPECT_EQ(session(), before);
}

TEST_F(SqlserverSession, HasTheFormatsThatFlowdbReads) {
  EXPECT_EQ(db_.execute_query("SELECT @@LANGUAGE").scalar<std::string>(), "us_english");
  EXPECT_EQ(db_.execute_query("SELECT CAST('2024-02-03' AS datetime) AS t").scalar<std::string>(),
            "2024-02-03 00:00:00");
  EXPECT_EQ(db_.execute_query("SELECT 'a' + NULL AS t")[0][0].is_null(), true);
  EXPECT_EQ(db_.execute_query("SELECT \"x\" FROM (SELECT 1 AS x) t").scalar<int>(), 1);
}

TEST_F(SqlserverSession, AnErrorInATransactionIsFinal_UntilASavepointIsReached) {
  const auto table = make_table("id int PRIMARY KEY");
  const auto insert = "INSERT INTO " + table + " VALUES (:id)";
  EXPECT_THROW(db_.transaction([&](Transaction& tx) {
    tx.execute_query(insert, {{"id", 1}});
    EXPECT_THROW(tx.execute_query(insert, {{"id", 1}}), ConstraintError);
    const auto refused = thrown_by<QueryError>([&] { tx.execute_query(insert, {{"id", 2}}); });
    EXPECT_EQ(refused.sqlstate(), "25P02") << "as on PostgreSQL";
  }),
               TransactionError);
  EXPECT_EQ(observer().execute_query("SELECT count(*) FROM " + table).scalar<int>(), 0);
}

TEST_F(SqlserverSession, InASnapshotSeesOneMoment_AndRunsAgainAfterAConflict) {
  try {
    observer().execute_query("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON");
  } catch (const QueryError&) {
    // A server that has nothing else.
  }
  const auto table = make_table("id int PRIMARY KEY, amount int");
  observer().execute_query("INSERT INTO " + table + " VALUES (1, 10)");
  const auto select = "SELECT amount FROM " + table + " WHERE id = 1";
  const auto update = "UPDATE " + table + " SET amount = amount + :by WHERE id = 1";
  const auto run = [&](Transaction& tx) {
    const int seen = tx.execute_query(select).scalar<int>();
    if (tx.attempt() == 1) {
      observer().execute_query(update, {{"by", 5}});
    }
    EXPECT_EQ(tx.execute_query(select).scalar<int>(), seen);
    EXPECT_EQ(seen, tx.attempt() == 1 ? 10 : 15);
    tx.execute_query(update, {{"by", 100}});
    return tx.attempt();
  };
  EXPECT_EQ(db_.transaction(run, {.isolation = IsolationLevel::snapshot}), 2);
  EXPECT_EQ(observer().execute_query(select).scalar<int>(), 115);
  // The level is the transaction's alone.
  db_.transaction([&](Transaction& tx) {
    EXPECT_EQ(tx.execute_query(select).scalar<int>(), 115);
    observer().execute_query(update, {{"by", 1}});
    EXPECT_EQ(tx.execute_query(select).scalar<int>(), 116);
  });
}

TEST_F(SqlserverSession, LosesATransactionThatAProcedureLeftOpen) {
  const auto table = make_table("id int");
  const auto leave_open = "sp_executesql N'BEGIN TRANSACTION INSERT INTO " + table + " VALUES (1)'";
  for (const auto& sql : {leave_open, "EXEC " + leave_open}) {
    try {
      db_.execute_query(sql);
    } catch (const QueryError&) {
      // Some servers object to it, and leave it open all the same.
    }
    EXPECT_EQ(db_.execute_query("SELECT @@TRANCOUNT").scalar<int>(), 0) << sql;
    EXPECT_EQ(observer().execute_query("SELECT count(*) FROM " + table).scalar<int>(), 0) << sql;
  }
}

}  // namespace
}  // namespace flowdb::test
