#include "sql/transaction_effect.hpp"

#include <gtest/gtest.h>

namespace flowdb::sql {
namespace {

bool may_commit_on_postgresql(const char* text) {
  return may_commit(ParsedStatement{text, postgresql_dialect()}, postgresql_dialect());
}
bool may_commit_on_sqlserver(const char* text) {
  return may_commit(ParsedStatement{text, sqlserver_dialect()}, sqlserver_dialect());
}

TEST(TransactionEffect, KnowsWhatMayCommitAPartOfItself) {
  for (const auto* text :
       {"CALL pay()", "DO $$ BEGIN COMMIT; END $$", "/* now */ call pay(:id)", "VACUUM t",
        "REINDEX TABLE t", "CREATE INDEX CONCURRENTLY i ON t (a)", "EXECUTE plan", "NOVELTY t"}) {
    EXPECT_TRUE(may_commit_on_postgresql(text)) << text;
  }
  for (const auto* text :
       {"SELECT call FROM t", "UPDATE t SET a = 'CALL'", "CREATE INDEX i ON t (a)", "SET x.y = 1",
        "LISTEN news", "ALTER TABLE t ADD concurrently_done int"}) {
    EXPECT_FALSE(may_commit_on_postgresql(text)) << text;
  }
}

TEST(TransactionEffect, KnowsThatABatchOfSqlServerGoesOnWithoutASemicolon) {
  for (const auto* text :
       {"EXEC pay", "execute pay :id", "pay :id", "SET NOCOUNT ON EXEC pay", "IF 1 = 1 COMMIT",
        "INSERT INTO t EXEC pay", "UPDATE t SET a = 1 COMMIT"}) {
    EXPECT_TRUE(may_commit_on_sqlserver(text)) << text;
  }
  for (const auto* text : {"SELECT [exec] FROM t", "UPDATE t SET a = 'EXEC'",
                           "MERGE t USING u ON 1 = 1"
                           " WHEN MATCHED THEN DELETE"}) {
    EXPECT_FALSE(may_commit_on_sqlserver(text)) << text;
  }
}

TEST(TransactionEffect, KnowsWhatWouldLiftReadOnly) {
  const auto lifts = [](const char* text) {
    return lifts_read_only(ParsedStatement{text, postgresql_dialect()});
  };
  for (const auto* text :
       {"SET TRANSACTION READ WRITE", "set transaction isolation level serializable, read write",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "SET transaction_read_only = off",
        "SET LOCAL Transaction_Read_Only TO off", "SET SESSION default_transaction_read_only = off",
        "SET \"transaction_read_only\" = off", "SET /* a */ -- b\n transaction_read_only = off",
        "; SET transaction_read_only = off", "SET U&\"transaction\\005fread_only\" = off",
        "RESET default_transaction_read_only", "RESET transaction_read_only", "RESET ALL"}) {
    EXPECT_TRUE(lifts(text)) << text;
  }
  for (const auto* text :
       {"SELECT 1", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE",
        "SET search_path = transaction_read_only", "SET LOCAL TIME ZONE 'UTC'", "RESET work_mem",
        "SET SESSION AUTHORIZATION writer", "SET \"x\" = off"}) {
    EXPECT_FALSE(lifts(text)) << text;
  }
}

}  // namespace
}  // namespace flowdb::sql
