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

TEST_F(SqlserverSession, AReadOnlyDatabaseChangesNothing) {
  const auto table = make_table("id int");
  observer().execute_query("INSERT INTO " + table + " VALUES (1)");
  auto options = one_connection();
  options.read_only = true;
  auto reader = manager(options);
  for (const std::string write :
       {"INSERT INTO # VALUES (2)", "UPDATE # SET id = 2", "DELETE FROM #", "TRUNCATE TABLE #",
        "SELECT * INTO #_2 FROM #"}) {
    auto sql = write;
    for (auto at = sql.find('#'); at != std::string::npos; at = sql.find('#')) {
      sql.replace(at, 1, table);
    }
    EXPECT_EQ(thrown_by<QueryError>([&] { reader.execute_query(sql); }).sqlstate(), "25006") << sql;
  }
  // Not a write by its first word; so it is carried out, and taken back.
  reader.execute_query("IF 1 = 1 DELETE FROM " + table);
  EXPECT_EQ(reader.execute_query("SELECT count(*) FROM " + table).scalar<int>(), 1);
  EXPECT_EQ(observer().execute_query("SELECT count(*) FROM " + table).scalar<int>(), 1);
}

}  // namespace
}  // namespace flowdb::test
