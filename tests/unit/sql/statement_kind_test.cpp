#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "sql/statement.hpp"

namespace flowdb::sql {
namespace {

struct Case {
  std::string_view source;
  StatementKind kind;
  std::string_view verb;
};

TEST(StatementKind, FollowsTheFirstWord_OnPostgresql) {
  const Case cases[] = {
      {"", StatementKind::empty, ""},
      {" -- nothing\n;/* at all */;", StatementKind::empty, ""},
      {"select 1", StatementKind::read, "SELECT"},
      {"-- c\n /* c */ ((select 1) union (select 2))", StatementKind::read, "SELECT"},
      {"VALUES (1)", StatementKind::read, "VALUES"},
      {"TABLE t", StatementKind::read, "TABLE"},
      {"SHOW ALL", StatementKind::read, "SHOW"},
      {"EXPLAIN SELECT 1", StatementKind::read, "EXPLAIN"},
      {"EXPLAIN VERBOSE DELETE FROM t", StatementKind::read, "EXPLAIN"},
      {"EXPLAIN (COSTS) SELECT 1", StatementKind::read, "EXPLAIN"},
      {"EXPLAIN ANALYZE SELECT 1", StatementKind::write, "EXPLAIN"},
      {"explain (verbose, analyze) select 1", StatementKind::write, "EXPLAIN"},
      {"INSERT INTO t VALUES (1)", StatementKind::write, "INSERT"},
      {"Update t SET a = 1", StatementKind::write, "UPDATE"},
      {"DELETE FROM t", StatementKind::write, "DELETE"},
      {"MERGE INTO t USING u ON true WHEN MATCHED THEN DO NOTHING", StatementKind::write, "MERGE"},
      {"SELECT a INTO t FROM u", StatementKind::write, "SELECT"},
      {"(SELECT a INTO t FROM u)", StatementKind::write, "SELECT"},
      {"SELECT a AS into, b.into FROM b", StatementKind::read, "SELECT"},
      {"SELECT (SELECT 'into')", StatementKind::read, "SELECT"},
      // behind WITH
      {"WITH a AS (SELECT 1) SELECT * FROM a", StatementKind::read, "WITH"},
      {"WITH RECURSIVE a(x) AS (VALUES (1)), b AS NOT MATERIALIZED (SELECT 2) TABLE b",
       StatementKind::read, "WITH"},
      {"WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", StatementKind::write, "WITH"},
      {"WITH a AS (SELECT 1), b AS (DELETE FROM t RETURNING *) SELECT * FROM b",
       StatementKind::write, "WITH"},
      {"WITH insert AS (SELECT 1), \"b\" AS (SELECT 2) SELECT * FROM insert", StatementKind::read,
       "WITH"},
      {"WITH a AS (SELECT 1) SELECT x INTO t FROM a", StatementKind::write, "WITH"},
      // the rest
      {"CREATE TABLE t (a int)", StatementKind::definition, "CREATE"},
      {"ALTER TABLE t ADD b int", StatementKind::definition, "ALTER"},
      {"DROP TABLE t", StatementKind::definition, "DROP"},
      {"TRUNCATE t", StatementKind::definition, "TRUNCATE"},
      {"GRANT SELECT ON t TO u", StatementKind::definition, "GRANT"},
      {"COMMENT ON TABLE t IS 'x'", StatementKind::definition, "COMMENT"},
      {"BEGIN", StatementKind::transaction, "BEGIN"},
      {"begin work", StatementKind::transaction, "BEGIN"},
      {"START TRANSACTION", StatementKind::transaction, "START"},
      {"COMMIT PREPARED 'x'", StatementKind::transaction, "COMMIT"},
      {"END", StatementKind::transaction, "END"},
      {"ROLLBACK TO s", StatementKind::transaction, "ROLLBACK"},
      {"ABORT", StatementKind::transaction, "ABORT"},
      {"SAVEPOINT s", StatementKind::transaction, "SAVEPOINT"},
      {"RELEASE s", StatementKind::transaction, "RELEASE"},
      {"PREPARE TRANSACTION 'x'", StatementKind::transaction, "PREPARE"},
      {"PREPARE p AS SELECT 1", StatementKind::other, "PREPARE"},
      {"COPY t FROM STDIN", StatementKind::copy, "COPY"},
      {"CALL p()", StatementKind::other, "CALL"},
      {"DO $$ BEGIN COMMIT; END $$", StatementKind::other, "DO"},
      {"SET x = 1", StatementKind::other, "SET"},
      {"VACUUM", StatementKind::other, "VACUUM"},
      {":a", StatementKind::other, ""},
  };
  for (const auto& each : cases) {
    const ParsedStatement statement{each.source, postgresql_dialect()};
    EXPECT_EQ(statement.kind(), each.kind) << each.source;
    EXPECT_EQ(statement.verb(), each.verb) << each.source;
  }
}

TEST(StatementKind, FollowsTheFirstWord_OnSqlServer) {
  const Case cases[] = {
      {"BEGIN TRAN", StatementKind::transaction, "BEGIN"},
      {"begin distributed transaction x", StatementKind::transaction, "BEGIN"},
      {"BEGIN SELECT 1; SELECT 2; END", StatementKind::other, "BEGIN"},
      {"SAVE TRAN s", StatementKind::transaction, "SAVE"},
      {"COMMIT", StatementKind::transaction, "COMMIT"},
      {"SELECT * INTO #t FROM u", StatementKind::write, "SELECT"},
      {"WITH a AS (SELECT 1 AS x) MERGE t USING a ON 1=1 WHEN MATCHED THEN DELETE;",
       StatementKind::write, "WITH"},
      {"DENY SELECT ON t TO u", StatementKind::definition, "DENY"},
      {"EXEC p", StatementKind::other, "EXEC"},
  };
  for (const auto& each : cases) {
    const ParsedStatement statement{each.source, sqlserver_dialect()};
    EXPECT_EQ(statement.kind(), each.kind) << each.source;
    EXPECT_EQ(statement.verb(), each.verb) << each.source;
    EXPECT_EQ(statement.statement_count(), 1U) << each.source;
  }
}

TEST(StatementKind, CountsStatementsThatAreNotEmpty) {
  struct Count {
    std::string_view source;
    std::size_t statements;
  };
  const Count on_postgresql[] = {
      {"", 0},
      {";;-- a;b\n;", 0},
      {"SELECT 1", 1},
      {"SELECT 1;", 1},
      {"SELECT ';', \";\", $$;$$, E'\\';' -- ;\n/* ; */ ;", 1},
      {"SELECT 1; SELECT 2", 2},
      {";SELECT 1;; SELECT 2;;", 2},
      {"DO $$ BEGIN a; b; END $$; SELECT 1", 2},
      {"CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b); SELECT 1", 2},
      {"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; "
       "END; SELECT 1",
       2},
      {"create or replace procedure p(begin int) begin atomic insert into t values (1); "
       "select case x when 1 then case when y then 2 end end as end; select t.case; end; CALL p(1)",
       2},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN CASE WHEN true THEN 1 END; SELECT 1",
       2},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1;'; SELECT 1", 2},
      {"CREATE TABLE function (begin int); BEGIN; END", 3},
      {"BEGIN; CREATE TABLE t (a int); COMMIT", 3},
      {"SELECT 1) ; SELECT 2", 2},
  };
  for (const auto& each : on_postgresql) {
    EXPECT_EQ(ParsedStatement(each.source, postgresql_dialect()).statement_count(), each.statements)
        << each.source;
  }
  const Count on_sqlserver[] = {
      {"SELECT [;], N';'; SELECT 2", 2},
      {"BEGIN TRAN; DELETE t; COMMIT", 3},
      {"IF 1 = 1 BEGIN DELETE t; SELECT CASE WHEN 1 = 1 THEN 2 END; END; SELECT 1", 2},
      {"BEGIN TRY BEGIN TRAN; DELETE t; COMMIT; END TRY BEGIN CATCH THROW; END CATCH; SELECT 1", 2},
      {"CREATE OR ALTER PROC p AS SELECT 1; SELECT 2;", 1},
      {"ALTER TRIGGER r ON t AFTER INSERT AS BEGIN SELECT 1; END; SELECT 2", 1},
      {"CREATE TABLE t (a int); SELECT 1", 2},
  };
  for (const auto& each : on_sqlserver) {
    EXPECT_EQ(ParsedStatement(each.source, sqlserver_dialect()).statement_count(), each.statements)
        << each.source;
  }
}

TEST(StatementKind, TellsWhatMayOutliveTheStatementInTheSession) {
  const std::string_view touching[] = {
      "SET search_path = a",
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
      "RESET ALL",
      "LISTEN c",
      "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
      "PREPARE p AS SELECT 1",
      "LOAD 'x'",
      "CALL p()",
      "DO $$ BEGIN END $$",
      "DISCARD ALL",
      "CREATE TEMP TABLE t (a int)",
      "create or replace local temporary view v AS SELECT 1",
      "CREATE TABLE pg_temp.t (a int)",
      "SELECT 1 INTO TEMP t",
      "SELECT pg_advisory_lock(1)",
      "SELECT pg_catalog.PG_TRY_ADVISORY_LOCK_SHARED(1)",
      "SELECT set_config('a.b', :value, false)",
      "SELECT 1; SET x = 1",
  };
  for (const auto source : touching) {
    EXPECT_TRUE(ParsedStatement(source, postgresql_dialect()).touches_session()) << source;
  }
  const std::string_view clean[] = {
      "SELECT 1",
      "SET LOCAL x = 1",
      "SET TRANSACTION READ ONLY",
      "SET CONSTRAINTS ALL DEFERRED",
      "UPDATE t SET a = 1",
      "CREATE TABLE temp (a int)",
      "CREATE OR REPLACE VIEW v AS SELECT 1",
      "SELECT pg_advisory_xact_lock(1)",
      "SELECT 'set_config(' -- pg_temp",
      "PREPARE TRANSACTION 'x'",
      "INSERT INTO t VALUES (:a)",
  };
  for (const auto source : clean) {
    EXPECT_FALSE(ParsedStatement(source, postgresql_dialect()).touches_session()) << source;
  }
  for (const auto source : {"SELECT * FROM #t", "USE x", "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
                            "EXEC p", "BEGIN SET NOCOUNT ON; END"}) {
    EXPECT_TRUE(ParsedStatement(source, sqlserver_dialect()).touches_session()) << source;
  }
  for (const auto source : {"SELECT [#t], '#t' FROM t", "BEGIN TRAN", "UPDATE t SET a = 1"}) {
    EXPECT_FALSE(ParsedStatement(source, sqlserver_dialect()).touches_session()) << source;
  }
}

}  // namespace
}  // namespace flowdb::sql
