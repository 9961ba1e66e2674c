#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/database_manager.hpp>
#include <flowdb/error.hpp>
#include <flowdb/lint.hpp>
#include <flowdb/migrator.hpp>

namespace flowdb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// `line rule`, where the migrator has a lock_timeout.
std::vector<std::string> findings(const std::string& script, LintOptions options = {}) {
  options.has_lock_timeout = true;
  std::vector<std::string> texts;
  for (const auto& finding : lint_script("V1__x.sql", script, options).findings) {
    texts.push_back(std::to_string(finding.line) + " " + finding.rule);
  }
  return texts;
}

TEST(LintScript, LeavesOutWhatACommentSilences) {
  EXPECT_THAT(
      findings("-- squawk-ignore ban-drop-table -- nobody uses it\nDROP TABLE a;\nDROP TABLE b;"),
      ElementsAre("3 ban-drop-table"));
  EXPECT_THAT(findings("DROP TABLE a; -- flowdb-ignore ban-drop-table\nDROP TABLE b;"),
              ElementsAre("2 ban-drop-table"));
  EXPECT_THAT(findings("DROP TABLE /* squawk-ignore: ban-drop-table */ a;"), IsEmpty());
  EXPECT_THAT(findings("-- flowdb-ignore\nALTER TABLE a DROP b, ALTER c TYPE int;"), IsEmpty());
  EXPECT_THAT(findings("-- squawk-ignore ban-drop-column, changing-column-type\n"
                       "ALTER TABLE a DROP b, ALTER c TYPE int;"),
              ElementsAre("2 prefer-bigint-over-int"));
  EXPECT_THAT(
      findings("SELECT 1;\n-- squawk-ignore-file ban-drop-table\nDROP TABLE a; DROP TABLE b;"
               "TRUNCATE c CASCADE;"),
      ElementsAre("3 ban-truncate-cascade"));
  EXPECT_THAT(findings("SELECT '-- squawk-ignore'; DROP TABLE a;"),
              ElementsAre("1 ban-drop-table"));
  EXPECT_THAT(findings("-- squawk-ignore prefer-timestamptz\nCREATE TABLE a (b timestamp);"),
              IsEmpty());
}

TEST(LintScript, SaysWhichCommentsSilenceNothing) {
  EXPECT_THAT(findings("-- squawk-ignore ban-drop-table\nSELECT 1;\nDROP TABLE a;"),
              ElementsAre("1 unused-ignore", "3 ban-drop-table"));
  EXPECT_THAT(findings("DROP TABLE a;\n-- squawk-ignore ban-drop-table\n"),
              ElementsAre("1 ban-drop-table", "2 unused-ignore"));
  const auto report = lint_script("x", "-- flowdb-ignore drop-table\nSELECT 1");
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings.front().message, "There is no rule 'drop-table'.");
}

TEST(LintScript, ReadsCommentsAroundTheDataOfACopy) {
  EXPECT_THAT(findings("\\restrict a1\nCOPY t FROM STDIN; -- a comment\n'-- squawk-ignore\n\\.\n"
                       "-- squawk-ignore ban-drop-table\nDROP TABLE a;\n\\unrestrict a1\n"),
              IsEmpty());
}

TEST(LintScript, KeepsToTheStatementsThatItUnderstands) {
  EXPECT_THAT(findings("DROP TABLE a;\nSELEC 1;\nDROP TABLE b;"),
              ElementsAre("1 ban-drop-table", "2 syntax-error", "3 ban-drop-table"));
  EXPECT_THAT(findings("SELECT '\xFF';"), ElementsAre("1 syntax-error"));
  EXPECT_THAT(findings("\\connect x\nSELECT 1;"), IsEmpty());
  EXPECT_THAT(findings("\xEF\xBB\xBF"), IsEmpty());
}

TEST(LintScript, LooksOnlyForTheRulesThatAreOn) {
  LintOptions options;
  options.excluded_rules = {"ban-drop-table", "require-timeout-settings"};
  EXPECT_THAT(findings("DROP TABLE a; DROP DATABASE d", options),
              ElementsAre("1 ban-drop-database"));
  options.excluded_rules = {"syntax-error"};
  EXPECT_THAT(findings("SELECT '", options), IsEmpty());
  options.excluded_rules = {"ban-drop-tables"};
  EXPECT_THROW(lint_script("x", "", options), InvalidArgument);
}

TEST(LintScript, TellsOfALockTimeoutOnce) {
  EXPECT_EQ(lint_script("x", "DROP VIEW a; DROP VIEW b;").findings.size(), 1U);
}

TEST(LintScript, TakesItsTimeByTheScriptsLength) {
  std::string script;
  for (int index = 0; index < 3000; ++index) {
    script += "-- squawk-ignore ban-drop-table\nDROP TABLE t" + std::to_string(index) + ";\n";
  }
  const auto report = lint_script("x", script, {.has_lock_timeout = true});
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.statements, 3000U);
}

TEST(LintScript, LooksOnlyAtTheSyntaxOfAVeryLongStatement) {
  std::string script = "INSERT INTO t VALUES (1)";
  while (script.size() < 300'000) script += ", (1)";
  EXPECT_THAT(findings(script + ";\nDROP TABLE t;"), ElementsAre("2 ban-drop-table"));
  EXPECT_THAT(findings(script + ", ()"), ElementsAre("1 syntax-error"));
}

TEST(LintMigrations, LooksAtADirectory) {
  const std::filesystem::path directory = FLOWDB_SOURCE_DIR "/migrations/rpa_db";
  const auto report = lint_migrations(directory);
  EXPECT_EQ(report.note, "");
  EXPECT_GE(report.scripts, 4U);
  EXPECT_GT(report.statements, report.scripts);
  const auto json = report.to_json();
  EXPECT_TRUE(json["note"].is_null());
  EXPECT_EQ(json["findings"].size(), report.findings.size());
  for (const auto& finding : json["findings"]) EXPECT_GT(finding["line"].get<int>(), 0);
}

TEST(LintMigrations, LooksAtThoseOfAManager_WithoutAskingItsServer) {
  DatabaseOptions options;
  options.type = DatabaseType::postgresql;
  options.connection_string = "postgresql://nobody@127.0.0.1:1/nowhere";
  options.migrations_directory = FLOWDB_SOURCE_DIR "/migrations/rpa_db";
  DatabaseManager manager{"rpa_db", ConfigManager{}, options};
  const auto report = Migrator{manager}.lint();
  EXPECT_GE(report.scripts, 4U);
  for (const auto& finding : report.findings) EXPECT_NE(finding.rule, "require-lock-timeout");
}

TEST(LintMigrations, SaysThatTSqlIsNotLookedAt) {
  const auto report = lint_migrations("/nowhere", DatabaseType::sqlserver);
  EXPECT_THAT(report.note, HasSubstr("PostgreSQL's SQL alone"));
  EXPECT_EQ(report.scripts, 0U);
}

}  // namespace
}  // namespace flowdb
