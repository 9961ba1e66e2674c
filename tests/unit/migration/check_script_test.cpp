#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migration/postgresql/statement_rule.hpp"
#include "migration/script.hpp"
#include "sql/dialect.hpp"
#include "unit/migration/make_migration.hpp"

namespace flowdb::migration {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using postgresql::rule_of;
using postgresql::StatementRule;

StatementRule rule(std::string_view text) {
  const auto statements = sql::split_script(text, sql::postgresql_dialect());
  EXPECT_EQ(statements.size(), 1U) << text;
  return rule_of(text, statements.at(0));
}

std::vector<std::string> objections(const std::string& contents,
                                    const std::string& script = "V1__x.sql") {
  std::vector<Problem> problems;
  const auto file = make_file(script, contents);
  check_script(file, sql_dialect(DatabaseType::postgresql), problems);
  std::vector<std::string> texts;
  for (const auto& problem : problems) texts.push_back(problem.text);
  return texts;
}

TEST(StatementRule, KnowsWhatCannotRunInATransaction) {
  for (const auto* text : {"VACUUM",
                           "vacuum analyze t",
                           "CREATE DATABASE d",
                           "DROP DATABASE d",
                           "CREATE TABLESPACE s LOCATION '/x'",
                           "DROP TABLESPACE s",
                           "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
                           "DROP SUBSCRIPTION s",
                           "ALTER SYSTEM SET work_mem = '1MB'",
                           "create /* now */ unique index concurrently i on t (a)",
                           "CREATE INDEX CONCURRENTLY ON t (a)",
                           "DROP INDEX CONCURRENTLY i",
                           "REINDEX DATABASE d",
                           "REINDEX SCHEMA s",
                           "REINDEX SYSTEM d",
                           "REINDEX TABLE CONCURRENTLY t",
                           "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
                           "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
                           "ALTER DATABASE d SET TABLESPACE s",
                           "DISCARD ALL",
                           "CLUSTER",
                           "CLUSTER VERBOSE"}) {
    EXPECT_EQ(rule(text), StatementRule::non_transactional) << text;
  }
  for (const auto* text :
       {"CREATE INDEX concurrent ON t (a)", "CREATE INDEX i ON t (\"concurrently\")",
        "CREATE UNIQUE INDEX i ON t (a)", "DROP INDEX i", "REINDEX TABLE t", "REINDEX INDEX i",
        "ALTER TABLE t DETACH PARTITION p", "ALTER TABLE t SET TABLESPACE s",
        "ALTER DATABASE d SET work_mem = '1MB'", "DISCARD TEMP", "CLUSTER t USING i",
        "CREATE TABLE vacuum_log (id int)", "DO $$ BEGIN NULL; END $$", "ANALYZE t",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END"}) {
    EXPECT_EQ(rule(text), StatementRule::transactional) << text;
  }
}

TEST(StatementRule, KnowsWhatWouldEndTheTransaction) {
  for (const auto* text : {"BEGIN", "START TRANSACTION", "COMMIT", "END", "ROLLBACK", "abort",
                           "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'", "COMMIT AND CHAIN"}) {
    EXPECT_EQ(rule(text), StatementRule::transaction_control) << text;
  }
  for (const auto* text : {"SAVEPOINT s", "RELEASE s", "ROLLBACK TO s",
                           "ROLLBACK WORK TO SAVEPOINT s", "PREPARE p AS SELECT 1"}) {
    EXPECT_EQ(rule(text), StatementRule::transactional) << text;
  }
}

TEST(StatementRule, KnowsWhatTheServerNeverSees) {
  EXPECT_EQ(rule("copy (select 1) to stdout"), StatementRule::client_copy);
  EXPECT_EQ(rule("COPY t TO STDIN"), StatementRule::client_copy);
  EXPECT_EQ(rule("COPY t (a, b) FROM STDIN WITH (FORMAT csv);\n1;2\n\\."),
            StatementRule::transactional);
  EXPECT_EQ(rule("COPY t FROM '/srv/stdin.csv'"), StatementRule::transactional);
  EXPECT_EQ(rule("\\connect other"), StatementRule::client_command);
}

TEST(CheckScript, NamesLineAndColumnOfEachStatementThatCannotRun) {
  EXPECT_THAT(objections("-- a comment\r\nCREATE TABLE t (id int);\r\n  COMMIT;\r\n\r\n"
                         "CREATE INDEX CONCURRENTLY i ON t (id);"),
              ElementsAre(AllOf(StartsWith("V1__x.sql:3:3: COMMIT has no place here"),
                                HasSubstr("remove the statement.\n      COMMIT;\n      ^")),
                          AllOf(StartsWith("V1__x.sql:5:1: CREATE: the server refuses"),
                                HasSubstr("without CONCURRENTLY"))));
  EXPECT_THAT(objections("CREATE TABLE t (note text DEFAULT 'COMMIT; VACUUM');\n-- ROLLBACK;\n"
                         "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN; END $$;"),
              IsEmpty());
}

TEST(CheckScript, NamesEveryCommandOfPsqls_ButThoseOfADump) {
  EXPECT_THAT(
      objections("\\restrict aB1\n\\connect other -- x\nSELECT 1 \\gset\nSELECT '\\d';\n"
                 "COPY t FROM stdin;\n1\tdon't\n\\N\n\\.\n\\.\n  \\unrestrict aB1\n\\restrict"),
      ElementsAre(AllOf(StartsWith("V1__x.sql:2:1: \\connect is a command of psql's"),
                        HasSubstr("one database")),
                  AllOf(StartsWith("V1__x.sql:3:10: \\gset is"), HasSubstr("with a ;")),
                  AllOf(StartsWith("V1__x.sql:9:1: \\. is"), HasSubstr("none stands")),
                  AllOf(StartsWith("V1__x.sql:11:1: \\restrict is"), HasSubstr("a key"))));
}

TEST(CheckScript, NamesTheCopyWhoseDataHaveNoEnd) {
  EXPECT_THAT(objections("SELECT 1;\n  COPY t FROM stdin;\n1\tx\n \\.\n"),
              ElementsAre(StartsWith("V1__x.sql:2:3: The data of COPY … FROM STDIN have no end")));
  EXPECT_THAT(objections("COPY t FROM stdin"),
              ElementsAre(StartsWith("V1__x.sql:1:1: The data of COPY")));
  EXPECT_THAT(objections("COPY t FROM stdin; SELECT 1;\n\\.\n"),
              ElementsAre(AllOf(StartsWith("V1__x.sql:1:20: The data of COPY"),
                                HasSubstr("move what stands on its own line"))));
}

TEST(CheckScript, NamesThePlaceOfTextThatCannotBeTakenApart) {
  EXPECT_THAT(objections("SELECT 1;\nSELECT 'never closed;\n"),
              ElementsAre(AllOf(StartsWith("V1__x.sql:2:8: A string literal is never closed"),
                                HasSubstr("\n    SELECT 'never closed;\n           ^"))));
  EXPECT_THAT(objections(std::string{"SELECT 'a\0b'", 12}),
              ElementsAre(StartsWith("V1__x.sql:1:10: The SQL text holds a NUL")));
}

TEST(CheckScript, RefusesANameThatTheHistoryCannotHold) {
  const std::string version(51, '1');
  EXPECT_THAT(objections("SELECT 1", "V" + version + "__x.sql"),
              ElementsAre(HasSubstr("its version is 51 characters long, the history holds 50")));
  EXPECT_THAT(objections("SELECT 1", "V1__" + std::string(201, 'x') + ".sql"),
              ElementsAre(HasSubstr("its description is 201 characters long")));
}

}  // namespace
}  // namespace flowdb::migration
