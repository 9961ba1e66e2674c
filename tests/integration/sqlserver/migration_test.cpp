// Migrations on SQL Server: what is PostgreSQL's in tests/integration/migration, in T-SQL.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/migration/migration_process.hpp"
#include "integration/sqlserver/migration_database.hpp"

namespace flowdb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

TEST_F(SqlserverMigration, AppliesEverythingInOrder_ToAnEmptyDatabase) {
  write("V001__Create_customers.sql",
        "CREATE TABLE customers (id INT IDENTITY PRIMARY KEY, name NVARCHAR(50))\nGO\n"
        "INSERT INTO customers (name) VALUES (N'a;b\nGO\nc')\ngo 3\n");
  write("V010__Add_index.sql", "CREATE INDEX i ON customers (name);");
  write("V009.1__View.sql",
        "-- the names\nCREATE VIEW names AS SELECT name FROM customers\nGO\n"
        "INSERT INTO customers (name) VALUES (N'日本 😀')");
  auto db = manager();
  EXPECT_EQ(db.get_migration_status().pending_migrations.size(), 3U);
  EXPECT_FALSE(has_table("schema_version")) << "status has written";

  const auto report = db.run_migrations();
  EXPECT_EQ(report.current_version, "V010");
  ASSERT_EQ(report.applied.size(), 3U);
  EXPECT_EQ(report.applied[1].version, "V009.1");
  EXPECT_EQ(report.applied[0].installed_by, cell<std::string>("SELECT SUSER_SNAME()"));
  EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM names WHERE name = N'a;b\nGO\nc'"), 3);
  EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM names WHERE name = N'日本 😀'"), 1);
  EXPECT_EQ(history(), "V001__Create_customers.sql,V009.1__View.sql,V010__Add_index.sql");
  EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM dbo.schema_version WHERE version_rank = installed_rank"
                      " AND type = 'SQL' AND success = 1 AND checksum IS NOT NULL AND"
                      " ABS(DATEDIFF(second, installed_on, SYSUTCDATETIME())) < 60"),
            3);
  const auto status = db.get_migration_status();
  EXPECT_EQ(status.current_version, "V010");
  EXPECT_EQ(status.total_applied, 3U);
  EXPECT_THAT(status.applied_migrations[0].installed_on,
              MatchesRegex("20..-..-..T..:..:..[.]......Z"));
  EXPECT_THAT(db.run_migrations().applied, IsEmpty());
  EXPECT_EQ(db.health_check().status, Health::healthy);
}

TEST_F(SqlserverMigration, RunsARepeatableScriptLast_AndAgainWhenItHasChanged) {
  write("V1__a.sql", "CREATE TABLE a (id INT)");
  write("R__fill.sql", "INSERT INTO a VALUES (1)");
  auto db = manager();
  EXPECT_EQ(db.run_migrations().applied.size(), 2U);
  EXPECT_THAT(db.run_migrations().applied, IsEmpty());

  write("V2__b.sql", "ALTER TABLE a ADD note NVARCHAR(10) NULL");
  write("R__fill.sql", "INSERT INTO a VALUES (2, N'two')");
  EXPECT_EQ(db.run_migrations().applied.size(), 2U);
  EXPECT_EQ(history(), "V1__a.sql,R__fill.sql,V2__b.sql,R__fill.sql");
  EXPECT_EQ(cell<int>("SELECT version_rank FROM dbo.schema_version WHERE version = 'R__fill'"), 3);
  EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM a"), 2);
}

TEST_F(SqlserverMigration, NamesTheLineOfAnError_AndUndoesThatScriptOnly) {
  write("V1__a.sql", "CREATE TABLE a (id INT PRIMARY KEY)\nGO\nINSERT INTO a VALUES (1)");
  write("V2__b.sql",
        "CREATE TABLE b (id INT)\nGO\n\n-- ü\nINSERT INTO b VALUES (1)\n"
        "  INSERT INTO a VALUES (1)\nINSERT INTO b VALUES (2)\n");
  write("V3__c.sql", "CREATE TABLE later (id INT)");
  const auto error = failure();
  EXPECT_EQ(error.script(), "V2__b.sql");
  EXPECT_EQ(error.native_code(), 2627);
  EXPECT_EQ(error.line(), 6);
  EXPECT_GT(error.line(), 2) << error.what();
  EXPECT_THAT(error.what(), HasSubstr("'V2__b.sql' was rolled back as a whole; what was applied "
                                      "before it, up to V1, stays."));
  EXPECT_EQ(history(), "V1__a.sql");
  EXPECT_FALSE(has_table("b") || has_table("later"));

  write("V2__b.sql", "CREATE TABLE b (id INT)");
  EXPECT_EQ(manager().run_migrations().current_version, "V3");
}

TEST_F(SqlserverMigration, ChecksEveryPendingScript_BeforeTheFirstRuns) {
  write("V1__a.sql", "CREATE TABLE a (id INT)");
  write("V2__b.sql", "SELECT 1\nGO\n  USE master\n");
  write("V3__c.sql", "SELECT 1\nCOMMIT\nGO\n");
  const auto error = failure();
  EXPECT_THAT(error.what(), AllOf(HasSubstr("\nV2__b.sql:3:3: USE has no place here"),
                                  HasSubstr("\nV3__c.sql:2:1: COMMIT has no place here")));
  EXPECT_EQ(error.line(), 3);
  EXPECT_FALSE(has_table("a") || has_table("schema_version"));
}

TEST_F(SqlserverMigration, RunsEachMigrationOnce_WhenProcessesStartTogether) {
  constexpr int kMigrations = 4;
  for (int number = 1; number <= kMigrations; ++number) {
    const auto table = "probe_" + std::to_string(number);
    write("V" + std::to_string(number) + "__" + table + ".sql",
          "CREATE TABLE " + table + " (id INT)\nGO\nINSERT INTO " + table + " VALUES (1)\n");
  }
  std::vector<std::unique_ptr<test_support::MigrationProcess>> processes;
  test_support::StartLine start;
  for (int number = 0; number < 5; ++number) {
    processes.push_back(std::make_unique<test_support::MigrationProcess>(database_.url(),
                                                                         directory_.path(), start));
  }
  start.release();
  for (auto& process : processes) EXPECT_EQ(process->wait(), 0);
  EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM dbo.schema_version WHERE version_rank = installed_rank"
                      " AND CAST(version AS INT) = installed_rank"),
            kMigrations);
  for (int number = 1; number <= kMigrations; ++number) {
    EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM probe_" + std::to_string(number)), 1);
  }
}

TEST_F(SqlserverMigration, AreNotForAReadOnlyDatabase) {
  write("V1__a.sql", "CREATE TABLE a (id INT)");
  DatabaseOptions options;
  options.type = DatabaseType::sqlserver;
  options.connection_string = database_.url();
  options.migrations_directory = directory_.path();
  options.read_only = true;
  DatabaseManager db{"SurveyHub", ConfigManager{}, options};
  EXPECT_THROW(db.run_migrations(), ConfigurationError);
  EXPECT_FALSE(has_table("schema_version"));
  EXPECT_EQ(db.health_check().status, Health::healthy);
}

}  // namespace
}  // namespace flowdb::test
