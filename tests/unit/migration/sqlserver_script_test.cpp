// Scripts for SQL Server: what is refused before anything runs, and where a failure is said to be.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migration/script_failure.hpp"
#include "unit/migration/make_migration.hpp"

namespace flowdb::migration {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const SqlDialect& kDialect = sql_dialect(DatabaseType::sqlserver);
const SessionFacts kSession{"SalesHub", "[sales]", "[dbo]", "[app]"};

std::vector<std::string> objections(const std::string& contents) {
  std::vector<Problem> problems;
  const auto file = make_file("V1__x.sql", contents);
  check_script(file, kDialect, problems);
  std::vector<std::string> texts;
  for (const auto& problem : problems) texts.push_back(problem.text);
  return texts;
}

ErrorFacts server_error(int number, const std::string& message, int position = 0) {
  ErrorFacts facts;
  facts.native_code = number;
  facts.sqlstate = "42000";
  facts.server_message = message;
  facts.statement_position = position;
  return facts;
}

/// The error that the batch of that index (from 0) causes.
MigrationError failure(const std::string& contents, std::size_t index, const ErrorFacts& facts,
                       FailureStage stage = FailureStage::statement) {
  std::vector<Problem> problems;
  const auto file = make_file("V2__b.sql", contents);
  const auto script = check_script(file, kDialect, problems);
  EXPECT_TRUE(problems.empty());
  const FailureContext context{script, &script.statements.at(index), stage, kSession, kDialect,
                               "V1"};
  return script_error(QueryError{"raw", facts}, context);
}

std::pair<int, int> place_of(const MigrationError& error) {
  return {error.line(), error.column()};
}

TEST(SqlserverScript, MayNotEndTheTransactionThatItRunsIn) {
  EXPECT_THAT(objections("CREATE TABLE a (id INT)\nBEGIN TRAN\n  UPDATE a SET id = 1\n  commit\n"),
              ElementsAre(StartsWith("V1__x.sql:2:1: BEGIN TRANSACTION has no place here"),
                          AllOf(StartsWith("V1__x.sql:4:3: COMMIT has no place here"),
                                HasSubstr("\n      commit\n      ^"))));
  for (const std::string text :
       {"BEGIN TRANSACTION", "BEGIN DISTRIBUTED TRAN", "SELECT 1 ROLLBACK", "ROLLBACK TRAN other",
        "IF @@ROWCOUNT = 0 ROLLBACK", "BEGIN CATCH ROLLBACK; THROW END CATCH", "COMMIT WORK"}) {
    EXPECT_THAT(objections(text), ElementsAre(HasSubstr(" has no place here"))) << text;
  }
  for (const std::string text :
       {"SAVE TRAN s\nGO\nROLLBACK TRANSACTION S", "SELECT 'COMMIT' AS [ROLLBACK] -- COMMIT",
        "BEGIN SELECT 1 END", "BEGIN TRY SELECT 1 END TRY BEGIN CATCH THROW END CATCH",
        "CREATE PROC p AS BEGIN TRAN; COMMIT",
        "GO\nCREATE OR ALTER TRIGGER t ON a FOR INSERT AS "
        "ROLLBACK",
        "EXEC('COMMIT')", "SELECT @@TRANCOUNT"}) {
    EXPECT_THAT(objections(text), IsEmpty()) << text;
  }
}

TEST(SqlserverScript, MayNotHoldWhatCannotRunInATransaction) {
  for (const std::string text :
       {"CREATE DATABASE d",
        "SELECT 1 ALTER DATABASE d SET READ_COMMITTED_SNAPSHOT ON WITH "
        "ROLLBACK IMMEDIATE",
        "drop database d", "BACKUP DATABASE d TO DISK = 'x'", "BACKUP LOG d TO DISK = 'x'",
        "RESTORE DATABASE d FROM DISK = 'x'", "RECONFIGURE", "CREATE FULLTEXT CATALOG c",
        "ALTER FULLTEXT INDEX ON t ENABLE", "KILL 53"}) {
    EXPECT_THAT(objections(text), ElementsAre(HasSubstr("refuses this statement within a tran")))
        << text;
  }
  EXPECT_THAT(objections("DROP TABLE a\nCREATE\nFULLTEXT INDEX ON t(a)"),
              ElementsAre(StartsWith("V1__x.sql:2:1: CREATE FULLTEXT INDEX: the server refuses")));
  for (const std::string text :
       {"GRANT CREATE DATABASE, BACKUP DATABASE TO app", "DENY ALTER ON DATABASE::d TO app",
        "CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = 'x'",
        "CREATE TABLE [database] (a INT)", "ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 1",
        "CREATE FULLTEXT STOPLIST s", "EXEC('CREATE DATABASE d')",
        "BACKUP CERTIFICATE c TO FILE = 'x'"}) {
    EXPECT_THAT(objections(text), IsEmpty()) << text;
  }
  EXPECT_THAT(objections("GRANT SELECT ON a TO app WITH GRANT OPTION COMMIT"),
              ElementsAre(HasSubstr("COMMIT has no place here")));
}

TEST(SqlserverScript, StaysInItsDatabase_AndSpeaksToTheServer) {
  EXPECT_THAT(objections("USE master\nGO\nSELECT 1"),
              ElementsAre(StartsWith("V1__x.sql:1:1: USE has no place here")));
  EXPECT_THAT(objections("SELECT 1 OPTION (USE HINT ('x'))"), IsEmpty());
  EXPECT_THAT(objections("SELECT 1\n  :setvar name value\nGO"),
              ElementsAre(StartsWith("V1__x.sql:2:3: a command that begins with a colon")));
  EXPECT_THAT(objections("SELECT geography::Parse('x'), ':r file'"), IsEmpty());
  EXPECT_THAT(objections("SELECT 1\nGO;\nSELECT 2"),
              ElementsAre(StartsWith("V1__x.sql:2:1: GO is no statement")));
}

TEST(SqlserverFailure, IsInTheLineThatTheServerTells) {
  const std::string script =
      "CREATE TABLE t (id INT)\nGO\n\n-- ü\nSELECT id\n  , nope\n  FROM t\nWHERE id = 1\n";
  // The backend turns the server's line 3 of the batch into the character where it begins.
  const auto position = static_cast<int>(std::string{"-- u\nSELECT id\n"}.size()) + 1;
  const auto error = failure(script, 1, server_error(207, "Invalid column name 'nope'.", position));
  EXPECT_STREQ(error.what(),
               "V2__b.sql:6:5: ERROR: Invalid column name 'nope'. (SQLSTATE 42000, error 207)\n"
               "      , nope\n"
               "        ^\n"
               "'V2__b.sql' was rolled back as a whole; what was applied before it, up to V1, "
               "stays. Correct it and run the migrations of 'SalesHub' again.");
  EXPECT_EQ(error.native_code(), 207);
  const auto other = server_error(8134, "Divide by zero error encountered.", position);
  EXPECT_EQ(place_of(failure(script, 1, other)), std::pair(6, 3));
  EXPECT_EQ(place_of(failure(script, 1, server_error(8134, "Divide by zero"))), std::pair(5, 1));
  const std::string quoted = "SELECT 1 FROM [dbo].[My ]] table], t";
  EXPECT_EQ(
      place_of(failure(quoted, 0, server_error(208, "Invalid object name 'dbo.my ] table'.", 1))),
      std::pair(1, 21));
  EXPECT_EQ(place_of(failure("SELECT a, a FROM t", 0, server_error(207, "Invalid column 'a'.", 1))),
            std::pair(1, 1));
}

TEST(SqlserverFailure, SaysThatTheTransactionIsGone) {
  const auto error = failure("EXEC p", 0, server_error(266, "Transaction count after EXECUTE …"),
                             FailureStage::commit);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("V2__b.sql:1:1"), HasSubstr("flowdb does that.\n"),
                                  HasSubstr("has itself ended the transaction that it ran in")));
  EXPECT_THAT(error.what(), Not(HasSubstr("rolled back as a whole")));
}

TEST(SqlserverAdvice, GivesTheGrantForAMissingRight) {
  const auto advice = [](int number, const std::string& message) {
    return kDialect.advice(server_error(number, message), "SELECT", kSession);
  };
  EXPECT_EQ(advice(229,
                   "The UPDATE permission was denied on the object 'Order]s', database "
                   "'sales', schema 'dbo'."),
            "Have its owner or an administrator run: GRANT UPDATE ON [dbo].[Order]]s] TO [app];");
  EXPECT_EQ(advice(262, "CREATE TABLE permission denied in database 'sales'."),
            "Have its owner or an administrator run: GRANT CREATE TABLE TO [app];"
            " GRANT ALTER ON SCHEMA::[dbo] TO [app];");
  EXPECT_THAT(advice(2760, "The specified schema name \"x\" either does not exist …"),
              HasSubstr("GRANT ALTER ON SCHEMA::[dbo] TO [app];"));
  EXPECT_THAT(advice(111, "'CREATE VIEW' must be the first statement in a query batch."),
              HasSubstr("Put GO on a line of its own"));
  EXPECT_EQ(advice(2627, "Violation of PRIMARY KEY constraint"), "");
}

TEST(SqlserverAdvice, KnowsWhatTheHistoryNeeds) {
  const auto advice = [](HistoryTask task, int number) {
    return kDialect.history_advice(task, "[dbo].schema_version", server_error(number, "no"),
                                   kSession);
  };
  EXPECT_THAT(advice(HistoryTask::read, 229), HasSubstr("GRANT SELECT ON [dbo].schema_version TO"));
  EXPECT_THAT(advice(HistoryTask::write, 229), HasSubstr("GRANT SELECT, INSERT, UPDATE ON [dbo]."));
  EXPECT_THAT(advice(HistoryTask::create, 2714),
              HasSubstr("GRANT SELECT, INSERT, UPDATE ON [dbo]."));
  EXPECT_THAT(advice(HistoryTask::read, 207), HasSubstr("rename it"));
}

}  // namespace
}  // namespace flowdb::migration
