// The migrator's operations on SQL Server.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/migrator.hpp>

#include "integration/sqlserver/migration_database.hpp"
#include "migration/migration_file.hpp"

namespace flowdb::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SqlserverOperations : public SqlserverMigration {
 protected:
  Migrator migrator(MigrationOptions options = {}) { return Migrator{db_, std::move(options)}; }
  std::vector<std::string> states() {
    std::vector<std::string> words;
    for (const auto& migration : migrator().info().migrations) {
      words.push_back(migration.script + "=" + to_string(migration.state));
    }
    return words;
  }

  DatabaseManager db_ = manager();
};

TEST_F(SqlserverOperations, UndoesAndRepairs) {
  write("V1__a.sql", "CREATE TABLE a (id INT)");
  write("V2__b.sql", "CREATE TABLE b (id INT)\nGO\nINSERT INTO b VALUES (1)");
  write("U2__b.sql", "DROP TABLE b");
  db_.run_migrations();
  EXPECT_EQ(migrator().undo().current_version, "V1");
  EXPECT_FALSE(has_table("b"));
  EXPECT_THAT(states(), ElementsAre("V1__a.sql=Success", "V2__b.sql=Undone", "U2__b.sql=Success",
                                    "V2__b.sql=Pending", "U2__b.sql=Ignored"));
  EXPECT_EQ(db_.run_migrations().current_version, "V2");
  write("V1__a.sql", "CREATE TABLE a (id INT NOT NULL)");
  EXPECT_FALSE(migrator().validate().is_valid());
  EXPECT_EQ(migrator().repair().changes.size(), 1U);
  EXPECT_TRUE(migrator().validate().is_valid());
}

TEST_F(SqlserverOperations, RehearsesAndTakesItBack) {
  write("V1__a.sql", "CREATE TABLE a (id INT)\nGO\nINSERT INTO a VALUES (1)");
  write("V2__b.sql", "INSERT INTO a VALUES (2)\nGO\nINSERT INTO nowhere VALUES (3)");
  const auto plan = migrator().plan();
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_TRUE(plan.steps[0].is_rehearsed);
  ASSERT_TRUE(plan.steps[1].failure);
  EXPECT_EQ(plan.steps[1].failure->line, 3);
  EXPECT_FALSE(has_table("a") || has_table("schema_version"));
}

TEST_F(SqlserverOperations, NeedsABaselineWhereSomethingIs) {
  observer_.execute_query("CREATE TABLE old (id INT)");
  write("V1__old.sql", "CREATE TABLE old (id INT)");
  write("V2__new.sql", "CREATE TABLE fresh (id INT)");
  EXPECT_THAT(failure().what(), HasSubstr("is not empty and has no history of migrations"));
  EXPECT_TRUE(migrator().baseline().created);
  EXPECT_EQ(db_.run_migrations().applied.size(), 1U);
  EXPECT_EQ(history(), "Baseline,V2__new.sql");
}

TEST_F(SqlserverOperations, TakesOverFlywaysHistory) {
  const std::string contents = "CREATE TABLE a (id INT)\n";
  write("V1__a.sql", contents);
  observer_.execute_query(
      "CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY,"
      " version NVARCHAR(50), description NVARCHAR(200) NOT NULL, type NVARCHAR(20) NOT NULL,"
      " script NVARCHAR(1000) NOT NULL, checksum INT, installed_by NVARCHAR(100) NOT NULL,"
      " installed_on DATETIME NOT NULL, execution_time INT NOT NULL, success BIT NOT NULL)");
  observer_.execute_query(
      "INSERT INTO flyway_schema_history VALUES (1, N'1', N'a', N'SQL', N'V1__a.sql', :checksum,"
      " N'fly', '2020-01-15 10:30:00', 12, 1)",
      {{"checksum", migration::checksum(contents, "V1__a.sql")}});
  EXPECT_TRUE(db_.run_migrations().applied.empty());
  EXPECT_FALSE(has_table("a"));
  EXPECT_EQ(history(), "V1__a.sql");
  EXPECT_EQ(cell<int>("SELECT COUNT(*) FROM schema_version WHERE installed_by = 'fly'"), 1);
  write("V1__a.sql", "CREATE TABLE b (id INT)\n");
  EXPECT_THAT(failure().what(), HasSubstr("it was changed after it was applied"));
}

}  // namespace
}  // namespace flowdb::test
