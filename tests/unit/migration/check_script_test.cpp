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
  for (const auto* text : {"SET search_path = a", "RESET ALL"}) {
    EXPECT_EQ(rule(text), StatementRule::session) << text;
  }
  EXPECT_EQ(rule("SET LOCAL search_path = a"), StatementRule::transactional);
  EXPECT_EQ(rule("COPY t FROM '/srv/stdin.csv'"), StatementRule::transactional);
  EXPECT_EQ(rule("\\connect other"), StatementRule::client_command);
}

TEST(CheckScript, NamesLineAndColumnOfEachStatementThatCannotRun) {
  EXPECT_THAT(objections("-- a comment\r\nCREATE TABLE t (id int);\r\n  COMMIT;\r\n\r\n"
                         "CREATE INDEX i ON t (id);"),
              ElementsAre(AllOf(StartsWith("V1__x.sql:3:3: COMMIT has no place here"),
                                HasSubstr("remove the statement.\n      COMMIT;\n      ^"))));
  EXPECT_THAT(objections("CREATE TABLE t (note text DEFAULT 'COMMIT; VACUUM');\n-- ROLLBACK;\n"
                         "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN; END $$;"),
              IsEmpty());
}

TEST(CheckScript, LetsStatementsThatRunAloneStandTogether_ButWithNoOthers) {
  EXPECT_THAT(
      objections("SET maintenance_work_mem = '1GB';\nCREATE INDEX CONCURRENTLY i ON t (a);\n"
                 "VACUUM t;\nRESET maintenance_work_mem;"),
      IsEmpty());
  EXPECT_THAT(objections("CREATE TABLE t (a int);\nSET LOCAL lock_timeout = 1;\n"
                         "CREATE INDEX CONCURRENTLY i ON t (a);"),
              ElementsAre(AllOf(StartsWith("V1__x.sql:1:1: CREATE: it would run in a transaction, "
                                           "but CREATE in line 3 cannot"),
                                HasSubstr("a script of its own")),
                          StartsWith("V1__x.sql:2:1: SET: it would run")));
}

TEST(CheckScript, NamesPlacesInTheFile_WherePlaceholdersStoodBeforeThem) {
  const std::map<std::string, std::string> values{{"schema", "a_long_name"}, {"Two", "1\n2\n3"}};
  const auto file =
      make_file("V1__x.sql", "SELECT '${SCHEMA}', '${two}'; COMMIT;\nSELECT ${none};");
  std::vector<Problem> problems;
  const auto script = check_script(file, sql_dialect(DatabaseType::postgresql), values, problems);
  EXPECT_EQ(script.text_of(script.statements.at(0)), "SELECT 'a_long_name', '1\n2\n3'");
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_THAT(problems[0].text,
              AllOf(StartsWith("V1__x.sql:2:8: there is no value for the placeholder ${none}"),
                    HasSubstr("Two, schema"), HasSubstr("\n    SELECT ${none};\n           ^")));
  EXPECT_THAT(problems[1].text, StartsWith("V1__x.sql:1:31: COMMIT has no place"));
  EXPECT_EQ(file.contents.substr(0, 10), "SELECT '${");
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
