#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

/// T-SQL that flows are known to use, and what SQL Server makes of it.
class TdsTsql : public testing::Test {
 protected:
  int number_from(const std::string& sql) {
    return thrown_by<QueryError>([&] { db_.execute_query(sql); }).native_code();
  }
  std::string text(const std::string& sql) { return db_.execute_query(sql).scalar<std::string>(); }
  /// What a TRY and its CATCH, which must end with a SELECT, come to.
  std::string caught(const std::string& tried, const std::string& handler) {
    return text("BEGIN TRY " + tried + " END TRY BEGIN CATCH " + handler + " END CATCH");
  }

  TdsTarget target_;
  DatabaseManager db_ = manager_for(target_.url(), one_connection());
};

TEST_F(TdsTsql, SelectIntoMakesATable) {
  db_.execute_query("CREATE TABLE t (id int, name nvarchar(20))");
  db_.bulk_insert("t", {"id", "name"}, {{1, "a"}, {2, "b"}, {3, "c"}});
  EXPECT_EQ(db_.execute_query("SELECT id, name INTO copy FROM t WHERE id > :id", {{"id", 1}})
                .affected_rows(),
            2U);
  EXPECT_EQ(text("SELECT STRING_AGG(name, '') AS names FROM copy"), "bc");
  db_.execute_query(
      "WITH c AS (SELECT id FROM t) SELECT TOP (1) id, 'x' AS fixed INTO dbo.one FROM c");
  EXPECT_EQ(text("SELECT fixed FROM one"), "x");
  EXPECT_EQ(number_from("SELECT id INTO copy FROM t"), 2714);
  db_.transaction([](Transaction& tx) {
    tx.execute_query("SELECT id INTO #mine FROM t");
    EXPECT_EQ(tx.execute_query("SELECT COUNT(*) AS n FROM #mine").scalar<int>(), 3);
    EXPECT_EQ(
        tx.execute_query("SELECT COUNT(*) AS n FROM sys.tables WHERE name LIKE '#%'").scalar<int>(),
        0)
        << "temporary tables are tempdb's";
  });
}

TEST_F(TdsTsql, DuplicateKeysTellConstraintsFromIndexes) {
  db_.execute_query("CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int)");
  db_.execute_query("CREATE UNIQUE INDEX i ON t (b)");
  db_.execute_query("INSERT INTO t VALUES (1, 1, 1)");
  const auto violates = [&](const std::string& values) {
    return thrown_by<ConstraintError>([&] { db_.execute_query("INSERT INTO t VALUES " + values); });
  };
  EXPECT_EQ(violates("(1, 2, 2)").native_code(), 2627);
  EXPECT_EQ(violates("(2, 1, 2)").native_code(), 2627);
  const auto index = violates("(2, 2, 1)");
  EXPECT_EQ(index.native_code(), 2601);
  EXPECT_EQ(index.constraint_name(), "i");
}

TEST_F(TdsTsql, WhatIsNotThereHasItsNumber) {
  EXPECT_EQ(number_from("DROP TABLE missing"), 3701);
  EXPECT_EQ(number_from("DROP VIEW missing"), 3701);
  EXPECT_EQ(number_from("SELECT a FROM missing"), 208);
  db_.execute_query("DROP TABLE IF EXISTS missing");
}

TEST_F(TdsTsql, CountIsAnInt) {
  const auto rows = db_.execute_query(
      "SELECT COUNT(*) AS a, COUNT(DISTINCT n) AS b, COUNT_BIG(*) AS c FROM (VALUES (1), (1), "
      "(NULL)) AS t (n)");
  EXPECT_EQ(rows[0]["a"].column().type, ColumnType::int32);
  EXPECT_EQ(rows[0]["a"].as<int>(), 3);
  EXPECT_EQ(rows[0]["b"].as<int>(), 1);
  EXPECT_EQ(rows[0]["c"].column().type, ColumnType::int64);
}

TEST_F(TdsTsql, ACatchKnowsWhatItIsAbout) {
  EXPECT_EQ(caught("SELECT 1 / 0 AS x",
                   "SELECT CONCAT(ERROR_NUMBER(), ' ', ERROR_MESSAGE(), ' ', "
                   "ERROR_SEVERITY()) AS t"),
            "8134 Divide by zero error encountered. 16");
  EXPECT_EQ(caught("THROW 50001, 'mine', 7",
                   "SELECT CONCAT(ERROR_NUMBER(), ERROR_MESSAGE(), "
                   "ERROR_STATE()) AS t"),
            "50001mine7");
  // The inner CATCH's error is not the outer one's.
  EXPECT_EQ(caught("THROW 50001, 'outer', 1",
                   "BEGIN TRY THROW 50002, 'inner', 1; END TRY BEGIN CATCH PRINT 'x' END CATCH "
                   "SELECT ERROR_MESSAGE() AS t"),
            "outer");
  EXPECT_TRUE(db_.execute_query("SELECT ERROR_NUMBER() AS n").one()[0].is_null());
}

TEST_F(TdsTsql, RaiserrorPutsItsArgumentsInTheirPlaces) {
  const auto raised = [&](const std::string& arguments) {
    return caught("RAISERROR (" + arguments + ")", "SELECT ERROR_MESSAGE() AS t");
  };
  EXPECT_EQ(raised("'%d of %s: 100%%', 16, 1, 3, N'sieben'"), "3 of sieben: 100%");
  EXPECT_EQ(raised("'[%5d|%-5d|%05d|%+d]', 16, 1, 42, 42, -42, 42"), "[   42|42   |-0042|+42]");
  EXPECT_EQ(raised("'[%6s|%-6s|%.2s|%*d]', 16, 1, N'äöü', 'b', N'ßßß', 3, 7"),
            "[   äöü|b     |ßß|  7]");
  EXPECT_EQ(raised("'%x %#X %o %u', 16, 1, 255, 255, 8, -1"), "ff 0XFF 10 4294967295");
  EXPECT_EQ(raised("'%s and %d', 16, 1"), "(null) and (null)");
  EXPECT_EQ(number_from("RAISERROR ('%y', 16, 1)"), 2787);
  EXPECT_EQ(number_from("RAISERROR ('%d', 16, 1, 'text')"), 2786);
}

TEST_F(TdsTsql, ATransactionInWhichACaughtErrorWasFatalCanOnlyBeRolledBack) {
  db_.execute_query("CREATE TABLE t (id int PRIMARY KEY)");
  const std::string fatal =
      "BEGIN TRANSACTION; INSERT INTO t VALUES (1); SELECT CAST('x' AS int) AS x";
  EXPECT_EQ(caught(fatal,
                   "DECLARE @state int = XACT_STATE(); ROLLBACK; "
                   "SELECT CONCAT(@state, XACT_STATE(), @@TRANCOUNT) AS t"),
            "-100");
  const auto refused = [&](const std::string& statement) {
    return caught(fatal, "BEGIN TRY " + statement +
                             " END TRY BEGIN CATCH DECLARE @n int = ERROR_NUMBER() END CATCH "
                             "ROLLBACK; SELECT @n AS n");
  };
  EXPECT_EQ(refused("INSERT INTO t VALUES (2)"), "3930");
  EXPECT_EQ(refused("COMMIT"), "3930");
  EXPECT_EQ(refused("SAVE TRANSACTION s"), "3931");
  // Read it may be.
  EXPECT_EQ(caught(fatal, "DECLARE @n int = (SELECT COUNT(*) FROM t); ROLLBACK; SELECT @n AS n"),
            "1");
  // A duplicate key is not fatal, unless XACT_ABORT makes it so.
  const std::string twice = "BEGIN TRANSACTION; INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)";
  const std::string state = "DECLARE @s int = XACT_STATE(); ROLLBACK; SELECT @s AS s";
  EXPECT_EQ(caught(twice, state), "1");
  EXPECT_EQ(caught("SET XACT_ABORT ON; " + twice, state), "-1");
  EXPECT_EQ(text("SELECT COUNT(*) AS n FROM t"), "0");
}

TEST_F(TdsTsql, ATransactionThatABatchLeavesDoomedIsRolledBack) {
  db_.execute_query("CREATE TABLE t (id int)");
  const auto error = thrown_by<QueryError>([&] {
    db_.transaction([](Transaction& tx) {
      tx.execute_query("INSERT INTO t VALUES (1)");
      tx.execute_query(
          "BEGIN TRY SELECT CAST('x' AS int) AS x END TRY BEGIN CATCH PRINT 'caught' END CATCH");
    });
  });
  EXPECT_EQ(error.native_code(), 3998);
  EXPECT_EQ(text("SELECT COUNT(*) AS n FROM t"), "0");
}

}  // namespace
}  // namespace flowdb::test
