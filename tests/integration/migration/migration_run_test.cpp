// What run_migrations() and get_migration_status() do when all goes well, or the files have
// changed.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

TEST_F(MigrationTest, AppliesEverythingInOrder_ToAnEmptyDatabase) {
  write("V001__Create_customers.sql", "CREATE TABLE customers (id int PRIMARY KEY, name text);\n");
  write("V002__Fill_customers.sql",
        "-- two statements, one with a semicolon inside\n"
        "INSERT INTO customers VALUES (1, 'a;b');\nINSERT INTO customers VALUES (2, 'ü');\n");
  write("V010__Add_index.sql", "CREATE INDEX ON customers (name);");
  write("V009.1__View.sql", "CREATE VIEW names AS SELECT name FROM customers;");
  auto db = manager();
  EXPECT_EQ(db.get_migration_status().pending_migrations.size(), 4U);
  EXPECT_FALSE(has_table("schema_version")) << "status has written";

  const auto report = db.run_migrations();
  EXPECT_EQ(report.current_version, "V010");
  ASSERT_EQ(report.applied.size(), 4U);
  EXPECT_EQ(report.applied[2].version, "V009.1");
  EXPECT_EQ(report.applied[2].description, "View");
  EXPECT_EQ(report.applied[0].installed_by, scalar("SELECT current_user"));
  EXPECT_EQ(scalar("SELECT string_agg(name, ',' ORDER BY id) FROM customers"), "a;b,ü");
  EXPECT_EQ(
      scalar("SELECT string_agg(concat_ws('|', version_rank, installed_rank, version,"
             " description, type, script, checksum IS NOT NULL, success), ' ' ORDER BY"
             " installed_rank) FROM schema_version"),
      "1|1|001|Create customers|SQL|V001__Create_customers.sql|t|t "
      "2|2|002|Fill customers|SQL|V002__Fill_customers.sql|t|t "
      "3|3|009.1|View|SQL|V009.1__View.sql|t|t 4|4|010|Add index|SQL|V010__Add_index.sql|t|t");
  EXPECT_EQ(
      scalar("SELECT bool_and(abs(extract(epoch FROM installed_on - now() AT TIME ZONE 'UTC'))"
             " < 60 AND execution_time BETWEEN 0 AND 60000) FROM schema_version"),
      "t");
}

TEST_F(MigrationTest, StatusHasTheKeysOfItsDocument_BeforeAndAfter) {
  write("V001__a.sql", "CREATE TABLE a (id int);");
  write("R__views.sql", "SELECT 1;");
  auto db = manager();
  const auto location = directory_.path().string();
  EXPECT_EQ(
      db.get_migration_status().to_json(),
      (nlohmann::json{{"database_name", "rpa_db"},
                      {"migration_directory", location},
                      {"current_version", nullptr},
                      {"pending_migrations",
                       {{{"version", "V001"}, {"description", "a"}, {"script", "V001__a.sql"}},
                        {{"version", ""}, {"description", "views"}, {"script", "R__views.sql"}}}},
                      {"applied_migrations", nlohmann::json::array()},
                      {"total_applied", 0}}));
  db.run_migrations();
  const auto status = db.get_migration_status().to_json();
  EXPECT_EQ(status["current_version"], "V001");
  EXPECT_EQ(status["pending_migrations"], nlohmann::json::array());
  EXPECT_EQ(status["total_applied"], 2);
  EXPECT_EQ(status["applied_migrations"][0]["script"], "V001__a.sql");
  EXPECT_THAT(status["applied_migrations"][0]["installed_on"].get<std::string>(),
              MatchesRegex("20..-..-..T..:..:..[.]......Z"));
}

TEST_F(MigrationTest, MigratesOnConstruction_WhenToldTo) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  make_manager(database_.url(), directory_.path(), true);
  EXPECT_TRUE(has_table("a"));
  write("V2__b.sql", "CREATE TABLE b (id integr);");
  EXPECT_THROW(make_manager(database_.url(), directory_.path(), true), MigrationError);
}

TEST_F(MigrationTest, HasNothingToDo_WithoutFiles) {
  auto db = make_manager(database_.url(), directory_.path() / "not there");
  EXPECT_THAT(db.run_migrations().applied, IsEmpty());
  EXPECT_THAT(db.get_migration_status().pending_migrations, IsEmpty());
  EXPECT_FALSE(has_table("schema_version"));
}

TEST_F(MigrationTest, AppliesOnlyWhatIsNew) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  auto db = manager();
  db.run_migrations();
  write("V2__b.sql", "CREATE TABLE b (id int);");
  write("U2__b.sql", "DROP TABLE b;");
  const auto report = db.run_migrations();
  ASSERT_EQ(report.applied.size(), 1U);
  EXPECT_EQ(report.applied[0].script, "V2__b.sql");
  EXPECT_EQ(history(), "V1__a.sql,V2__b.sql");
}

TEST_F(MigrationTest, RunsARepeatableScriptLast_AndAgainWhenItHasChanged) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("R__view.sql", "CREATE OR REPLACE VIEW v AS SELECT id FROM a;");
  auto db = manager();
  EXPECT_EQ(db.run_migrations().applied.size(), 2U);
  EXPECT_THAT(db.run_migrations().applied, IsEmpty());

  write("V2__b.sql", "ALTER TABLE a ADD note text;");
  write("R__view.sql", "CREATE OR REPLACE VIEW v AS SELECT id, note FROM a;");
  EXPECT_EQ(db.run_migrations().applied.size(), 2U);
  EXPECT_EQ(scalar("SELECT count(note) FROM v"), "0");
  EXPECT_EQ(history(), "V1__a.sql,R__view.sql,V2__b.sql,R__view.sql");
  EXPECT_EQ(scalar("SELECT string_agg(version || ':' || version_rank, ' ' ORDER BY version_rank)"
                   " FROM schema_version"),
            "#2 R__view:0 1:1 2:2 R__view:3");
  EXPECT_EQ(db.get_migration_status().current_version, "V2");
}

TEST_F(MigrationTest, RefusesChangedMissingAndLateFiles_AllInOneError) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "CREATE TABLE b (id int);");
  write("V4__d.sql", "CREATE TABLE d (id int);");
  auto db = manager();
  db.run_migrations();

  write("V1__a.sql", "CREATE TABLE a (id int, name text);");
  directory_.remove("V2__b.sql");
  write("V3__c.sql", "CREATE TABLE c (id int);");
  write("V5__e.sql", "CREATE TABLE e (id int);\nCOMMIT;\n");
  const auto error = failure();
  EXPECT_THAT(error.what(), AllOf(HasSubstr("4 problems"), HasSubstr("\nV1__a.sql: it was changed"),
                                  HasSubstr("\nV2__b.sql: it was applied, but the file is missing"),
                                  HasSubstr("\nV3__c.sql: it was never applied"),
                                  HasSubstr("\nV5__e.sql:2:1: COMMIT has no place here")));
  EXPECT_EQ(error.script(), "V1__a.sql");
  const auto status = db.get_migration_status();
  EXPECT_EQ(status.problems.size(), 4U);
  EXPECT_EQ(status.pending_migrations.size(), 1U);
  EXPECT_FALSE(has_table("c") || has_table("e"));

  // The error said what to do: put back, restore, rename, and let flowdb commit.
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "CREATE TABLE b (id int);");
  directory_.remove("V3__c.sql");
  write("V5__e.sql", "CREATE TABLE e (id int);\n");
  write("V6__c.sql", "CREATE TABLE c (id int);");
  EXPECT_EQ(db.run_migrations().applied.size(), 2U);
}

TEST_F(MigrationTest, ChecksEveryPendingScript_BeforeTheFirstRuns) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "VACUUM;\n\n  SELECT 1;\n");
  write("V3__c.sql", "COPY a TO STDOUT;\n");
  const auto error = failure();
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("\nV2__b.sql:3:3: SELECT: it would run in a transaction, "
                              "but VACUUM in line 1 cannot"),
                    HasSubstr("\nV3__c.sql:1:1: COPY: nobody would read")));
  EXPECT_EQ(error.line(), 3);
  EXPECT_EQ(error.column(), 3);
  EXPECT_FALSE(has_table("a") || has_table("schema_version"));
}

TEST_F(MigrationTest, LetsNoScriptChangeTheSessionOfTheNext) {
  const auto role = make_role("other");
  database_.exec("GRANT CREATE ON SCHEMA public TO " + role);
  write("V1__a.sql",
        "CREATE SCHEMA side;\nSET search_path = side;\nSET client_encoding = 'LATIN1';\n"
        "SET statement_timeout = '1h';\nCREATE TABLE a (id int);\nSET ROLE " +
            role + ";\n");
  write("V2__ü.sql",
        "CREATE TABLE b AS SELECT current_setting('statement_timeout') AS timeout,"
        " current_setting('search_path') AS path, 'ü' AS letter, current_user AS role;\n");
  auto db = manager();
  db.run_migrations();
  EXPECT_TRUE(has_table("side.a"));
  EXPECT_EQ(scalar("SELECT concat_ws('|', timeout, path, letter, role) FROM public.b"),
            "0|\"$user\", public|ü|" + scalar("SELECT current_user"));
  EXPECT_EQ(scalar("SELECT string_agg(description, ',' ORDER BY installed_rank) FROM"
                   " public.schema_version WHERE installed_by = current_user"),
            "a,ü");
  EXPECT_EQ(db.execute_query("SHOW search_path").scalar<std::string>(), "\"$user\", public");
  EXPECT_EQ(db.execute_query("SHOW client_connection_check_interval").scalar<std::string>(), "0");
}

TEST_F(MigrationTest, KeepsItsTableInTheCurrentSchema) {
  database_.exec("CREATE SCHEMA \"App data\"; ALTER DATABASE " + database_.name() +
                 " SET search_path = 'App data'");
  write("V1__a.sql", "CREATE TABLE a (id int);");
  run();
  EXPECT_TRUE(has_table("\"App data\".schema_version"));
  EXPECT_FALSE(has_table("public.schema_version"));
  EXPECT_EQ(manager().get_migration_status().current_version, "V1");

  database_.exec("ALTER DATABASE " + database_.name() + " SET search_path = 'nowhere'");
  EXPECT_THAT(failure().what(), HasSubstr("has no current schema"));
}

TEST_F(MigrationTest, SaysSo_WhenTheTableIsNotItsOwn) {
  database_.exec("CREATE TABLE schema_version (version int)");
  write("V1__a.sql", "CREATE TABLE a (id int);");
  EXPECT_THAT(failure().what(),
              AllOf(HasSubstr("public.schema_version of 'rpa_db'"), HasSubstr("42703"),
                    HasSubstr("rename it, or put it into another schema")));
}

}  // namespace
}  // namespace flowdb::test_support
