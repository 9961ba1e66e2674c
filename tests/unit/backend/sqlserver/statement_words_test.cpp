#include "backend/sqlserver/statement_words.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace flowdb::backend::sqlserver {
namespace {

/// With the statement that its words point into.
struct Seen {
  explicit Seen(const std::string& text)
      : statement{text, sql::sqlserver_dialect()}, words{words_of(statement)} {}
  sql::ParsedStatement statement;
  StatementWords words;
};

TEST(StatementWords, FindWhatWrites_WhereverItStands) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"SELECT 1 DELETE FROM t", "DELETE"},
      {"IF 1 = 1 update t SET a = 1", "update"},
      {"BEGIN DECLARE @x int; TRUNCATE TABLE t; END", "TRUNCATE"},
      {"BULK INSERT t FROM 'file'", "INSERT"},
      {"SELECT 1 BACKUP DATABASE d TO DISK = 'x'", "BACKUP"},
      {"RESTORE DATABASE d FROM DISK = 'x'", "RESTORE"},
      {"DBCC CHECKIDENT ('t', RESEED, 0)", "DBCC"},
      {"KILL 53", "KILL"},
      {"WRITETEXT t.c @p 'x'", "WRITETEXT"},
      {"UPDATETEXT t.c @p 0 0 'x'", "UPDATETEXT"},
      {"SHUTDOWN WITH NOWAIT", "SHUTDOWN"},
      {"RECONFIGURE", "RECONFIGURE"},
      {"CHECKPOINT", "CHECKPOINT"},
      {"SET IMPLICIT_TRANSACTIONS OFF", "IMPLICIT_TRANSACTIONS"},
      {"IF 1 = 1 SELECT a INTO t FROM u", "INTO"},
      {"WITH x AS (SELECT 1 AS a) MERGE t USING x ON 1 = 1 WHEN MATCHED THEN DELETE", "MERGE"},
      {"SELECT * FROM (DELETE FROM t OUTPUT deleted.a) AS gone", "DELETE"},
  };
  for (const auto& [text, word] : cases) {
    EXPECT_EQ(Seen{text}.words.write, word) << text;
  }
  for (const auto* text :
       {"SELECT [update], \"delete\", 'DROP', u.insert FROM t AS u -- TRUNCATE",
        "SELECT :update, @delete", "SELECT 1 FROM a INNER MERGE JOIN b ON a.x = b.x",
        "SELECT 1 FROM a UNION SELECT 2 FROM b OPTION (MERGE UNION)", "FETCH NEXT FROM c INTO @x",
        "SELECT updated, deleted_at FROM inserts",
        "SELECT * FROM OPENROWSET(BULK 'f', SINGLE_CLOB) AS f", "EXEC report :id"}) {
    EXPECT_EQ(Seen{text}.words.write, "") << text;
  }
}

TEST(StatementWords, FindWhatControlsATransaction) {
  for (const auto* text : {"SELECT 1 COMMIT", "IF @@TRANCOUNT > 0 ROLLBACK", "SAVE TRAN a",
                           "IF 1 = 1 BEGIN TRANSACTION", "BEGIN BEGIN TRAN; SELECT 1; END",
                           "BEGIN DISTRIBUTED TRAN"}) {
    EXPECT_NE(Seen{text}.words.transaction, "") << text;
  }
  for (const auto* text : {"BEGIN SELECT 1; END", "BEGIN TRY SELECT 1; END TRY",
                           "SELECT [commit], 'ROLLBACK' FROM t", "SELECT s.save FROM s"}) {
    EXPECT_EQ(Seen{text}.words.transaction, "") << text;
  }
}

TEST(StatementWords, KnowWhatMayDoAnything_AndWhatLeavesTraces) {
  for (const auto* text : {"EXEC p", "SELECT 1 EXECUTE p", "INSERT INTO t EXEC p", "pay :id",
                           "dbo.pay :id", "[dbo].[pay] 1"}) {
    const Seen seen{text};
    EXPECT_TRUE(seen.words.calls) << text;
    EXPECT_TRUE(leaves_traces(seen.statement, seen.words)) << text;
  }
  for (const auto* text :
       {"SELECT 1", "WAITFOR DELAY '00:00:01'", "PRINT 'x'", "UPDATE t SET a = 'EXEC'",
        "WITH x AS (SELECT 1 AS a) SELECT a FROM x"}) {
    const Seen seen{text};
    EXPECT_FALSE(seen.words.calls) << text;
    EXPECT_FALSE(leaves_traces(seen.statement, seen.words)) << text;
  }
  const Seen open{"SELECT 1 BEGIN TRANSACTION"};
  EXPECT_TRUE(leaves_traces(open.statement, open.words));
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
