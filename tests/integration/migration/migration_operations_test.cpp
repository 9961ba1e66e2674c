// What else than running can be done with migrations: info, validate, baseline, repair, undo.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/embedded_migrations.hpp>
#include <flowdb/migrator.hpp>

#include "integration/migration/migration_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MigrationOperations : public MigrationTest {
 protected:
  Migrator migrator(MigrationOptions options = {}) { return Migrator{db_, std::move(options)}; }

  /// `V1__a.sql=Success`, in the order of info().
  std::vector<std::string> states(MigrationOptions options = {}) {
    std::vector<std::string> words;
    for (const auto& migration : migrator(std::move(options)).info().migrations) {
      words.push_back(migration.script + "=" + to_string(migration.state));
    }
    return words;
  }

  /// `version/version_rank/type` of all rows as they were installed.
  std::string rows() {
    return scalar(
        "SELECT string_agg(concat_ws('/', version, version_rank, type), ' ' ORDER BY"
        " installed_rank) FROM schema_version");
  }

  template <class Call>
  static std::string refusal(const Call& call) {
    try {
      call();
    } catch (const MigrationError& error) {
      return error.what();
    }
    return "no error";
  }

  DatabaseManager db_ = manager();
};

TEST_F(MigrationOperations, UndoesTheLastOne_OrAllAboveATarget) {
  for (const std::string number : {"1", "2", "3"}) {
    write("V" + number + "__t" + number + ".sql", "CREATE TABLE t" + number + " (id int);");
    write("U" + number + "__t" + number + ".sql", "DROP TABLE t" + number + ";");
  }
  db_.run_migrations();
  auto report = migrator().undo();
  ASSERT_EQ(report.applied.size(), 1U);
  EXPECT_EQ(report.applied[0].script, "U3__t3.sql");
  EXPECT_EQ(report.current_version, "V2");
  EXPECT_FALSE(has_table("t3"));
  EXPECT_EQ(rows(), "1/1/SQL 2/2/SQL #3 3/0/SQL #4 3/0/UNDO_SQL");
  EXPECT_THAT(states(),
              ElementsAre("V1__t1.sql=Success", "V2__t2.sql=Success", "V3__t3.sql=Undone",
                          "U3__t3.sql=Success", "V3__t3.sql=Pending", "U1__t1.sql=Available",
                          "U2__t2.sql=Available", "U3__t3.sql=Ignored"));
  EXPECT_EQ(db_.run_migrations().current_version, "V3");
  EXPECT_EQ(db_.get_migration_status().total_applied, 3U);

  MigrationOptions to_first;
  to_first.target = "1";
  EXPECT_EQ(migrator(to_first).undo().applied.size(), 2U);
  EXPECT_FALSE(has_table("t2") || has_table("t3"));
  EXPECT_TRUE(has_table("t1"));
  EXPECT_EQ(
      scalar("SELECT string_agg(version || ':' || version_rank, ' ') FROM schema_version WHERE"
             " version_rank > 0"),
      "1:1");
  EXPECT_THAT(migrator(to_first).undo().applied, IsEmpty());
}

TEST_F(MigrationOperations, UndoesNothing_WhenAScriptIsMissingOrFails) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "CREATE TABLE b (id int);");
  EXPECT_THAT(refusal([&] { migrator().undo(); }), HasSubstr("no migration is applied"));
  db_.run_migrations();
  EXPECT_THAT(
      refusal([&] { migrator().undo(); }),
      HasSubstr("'V2__b.sql' has no undo script; write one that takes back what it did, and "
                "name it 'U2__b.sql'"));
  write("U2__b.sql", "DROP TABLE b;\nDROP TABLE nowhere;");
  EXPECT_THAT(refusal([&] { migrator().undo(); }),
              HasSubstr("U2__b.sql:2:12: ERROR: table \"nowhere\" does not exist"));
  EXPECT_TRUE(has_table("b"));
  EXPECT_EQ(history(), "V1__a.sql,V2__b.sql");
}

TEST_F(MigrationOperations, RepairsWhatFilesAndHistoryDisagreeOn) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "CREATE TABLE b (id int);");
  write("V3__c.sql", "CREATE TABLE c (id int);");
  write("V4__d.sql", "CREATE TABLE d (id int);");
  db_.run_migrations();
  EXPECT_THAT(migrator().repair().changes, IsEmpty());
  write("V1__a.sql", "CREATE TABLE a (id integer);");
  directory_.remove("V2__b.sql");
  directory_.remove("V3__c.sql");
  write("V3__renamed.sql", "CREATE TABLE c (id int);");
  database_.exec("UPDATE schema_version SET success = false WHERE version = '4'; DROP TABLE d");
  EXPECT_EQ(migrator().validate().problems.size(), 4U);
  EXPECT_FALSE(migrator().validate().is_valid());

  const auto report = migrator().repair().to_json();
  const auto& changes = report["changes"];
  ASSERT_EQ(changes.size(), 4U) << report.dump(1);
  EXPECT_EQ(changes[0]["action"], "realigned");
  EXPECT_THAT(changes[0]["detail"].get<std::string>(), testing::StartsWith("checksum "));
  EXPECT_EQ(changes[1]["action"], "marked deleted");
  EXPECT_EQ(changes[2]["detail"], "description c → renamed");
  EXPECT_EQ(changes[3]["action"], "removed failed");
  EXPECT_TRUE(migrator().validate().is_valid());
  EXPECT_EQ(rows(), "1/1/SQL #2 2/0/DELETED 3/2/SQL");
  EXPECT_THAT(states(), ElementsAre("V1__a.sql=Success", "V2__b.sql=Deleted",
                                    "V3__renamed.sql=Success", "V4__d.sql=Pending"));
  EXPECT_EQ(db_.run_migrations().current_version, "V4");
  EXPECT_EQ(rows(), "1/1/SQL #2 2/0/DELETED 3/2/SQL 4/3/SQL");
}

TEST_F(MigrationOperations, RefusesASchemaThatIsInUse_UntilItHasABaseline) {
  database_.exec("CREATE TABLE old (id int); CREATE EXTENSION IF NOT EXISTS pg_trgm");
  write("V1__old.sql", "CREATE TABLE old (id int);");
  write("V2__new.sql", "ALTER TABLE old ADD note text;");
  EXPECT_THAT(failure().what(), HasSubstr("The schema public of 'rpa_db' is not empty and has no "
                                          "history of migrations, public.schema_version"));
  EXPECT_EQ(db_.get_migration_status().problems.size(), 1U);
  EXPECT_FALSE(has_table("schema_version"));

  MigrationOptions options;
  options.baseline_description = "As it was";
  const auto report = migrator(options).baseline();
  EXPECT_TRUE(report.created);
  EXPECT_EQ(report.version, "V1");
  EXPECT_FALSE(migrator(options).baseline().created);
  EXPECT_THAT(states(), ElementsAre("As it was=Baseline", "V1__old.sql=Below Baseline",
                                    "V2__new.sql=Pending"));
  EXPECT_EQ(db_.run_migrations().applied.size(), 1U);
  EXPECT_EQ(rows(), "1/1/BASELINE 2/2/SQL");
  options.baseline_version = "5";
  EXPECT_THAT(refusal([&] { migrator(options).baseline(); }),
              HasSubstr("it has one already, at V1"));
}

TEST_F(MigrationOperations, GivesTheBaselineInTheRun_WhenToldTo) {
  database_.exec("CREATE TYPE mood AS ENUM ('fine')");
  write("V7__seven.sql", "SELECT 1 / 0;");
  write("V8__eight.sql", "CREATE TABLE eight (mood mood);");
  MigrationOptions options;
  options.baseline_on_migrate = true;
  options.baseline_version = "7";
  EXPECT_EQ(migrator(options).migrate().applied.size(), 1U);
  EXPECT_EQ(rows(), "7/1/BASELINE 8/2/SQL");
  EXPECT_EQ(db_.get_migration_status().current_version, "V8");
}

TEST_F(MigrationOperations, NeedsNoBaseline_OnAnEmptySchemaWithAnExtension) {
  database_.exec("CREATE EXTENSION IF NOT EXISTS pg_trgm");
  write("B2__all.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);");
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "CREATE TABLE b (id int);");
  write("V3__c.sql", "CREATE TABLE c (id int);");
  MigrationOptions options;
  options.baseline_on_migrate = true;  // has nothing to say: nothing is there
  EXPECT_EQ(migrator(options).migrate().applied.size(), 2U);
  EXPECT_EQ(history(), "B2__all.sql,V3__c.sql");
  EXPECT_EQ(rows(), "2/1/SQL_BASELINE 3/2/SQL");
}

TEST_F(MigrationOperations, RunsOutOfOrderAndUpToATarget) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V3__c.sql", "CREATE TABLE c (id int);");
  db_.run_migrations();
  write("V2__b.sql", "CREATE TABLE b (id int);");
  write("V4__d.sql", "CREATE TABLE d (id int);");
  write("V5__e.sql", "CREATE TABLE e (id int);");
  EXPECT_THAT(failure().what(), HasSubstr("MigrationOptions::out_of_order"));
  MigrationOptions options;
  options.out_of_order = true;
  options.target = "V4";
  const auto report = migrator(options).migrate();
  EXPECT_EQ(report.applied.size(), 2U);
  EXPECT_EQ(report.current_version, "V4");
  EXPECT_EQ(rows(), "1/1/SQL 3/3/SQL 2/2/SQL 4/4/SQL");
  EXPECT_THAT(states(options),
              ElementsAre("V1__a.sql=Success", "V3__c.sql=Success", "V2__b.sql=Out of Order",
                          "V4__d.sql=Success", "V5__e.sql=Above Target"));
  EXPECT_FALSE(has_table("e"));
  options.target = "four";
  EXPECT_THAT(refusal([&] { migrator(options).info(); }),
              HasSubstr("MigrationOptions::target is 'four', which is no version"));
}

TEST_F(MigrationOperations, ReplacesPlaceholders_WhenToldTo) {
  const std::string contents =
      "CREATE TABLE ${prefix}_a (note text DEFAULT '${flowdb:script} ${flowdb:user}');\n"
      "INSERT INTO ${prefix}_a DEFAULT VALUES;";
  write("V1__a.sql", contents);
  write("V2__b.sql", "CREATE TABLE plain (note text DEFAULT '${prefix}');");
  MigrationOptions options;
  options.placeholders = std::map<std::string, std::string>{};
  EXPECT_THAT(refusal([&] { migrator(options).migrate(); }),
              HasSubstr("V1__a.sql:1:14: there is no value for the placeholder ${prefix}"));
  options.placeholders->emplace("prefix", "my");
  options.target = "1";
  migrator(options).migrate();
  EXPECT_EQ(scalar("SELECT note FROM my_a"), "V1__a.sql " + scalar("SELECT current_user"));
  // The checksum is that of the file, so that another value is no change.
  options.placeholders->at("prefix") = "other";
  EXPECT_TRUE(migrator(options).validate().is_valid());
  db_.run_migrations();
  EXPECT_EQ(scalar("SELECT column_default FROM information_schema.columns WHERE table_name ="
                   " 'plain'"),
            "'${prefix}'::text");
}

TEST_F(MigrationOperations, KeepsTheFormerRunsOfARepeatableScript) {
  write("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;");
  db_.run_migrations();
  write("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 2 AS one;");
  EXPECT_THAT(states(), ElementsAre("R__v.sql=Outdated"));
  db_.run_migrations();
  EXPECT_EQ(rows(), "#1 R__v/0/SQL R__v/1/SQL");
  EXPECT_THAT(states(), ElementsAre("R__v.sql=Superseded", "R__v.sql=Success"));
  EXPECT_THAT(db_.run_migrations().applied, IsEmpty());
}

TEST_F(MigrationOperations, RunsWhatIsEmbedded_UnlessADirectoryIsNamed) {
  static constexpr EmbeddedFile kFiles[] = {{"V1__a.sql", "CREATE TABLE a (id int);"},
                                            {"afterMigrate.sql", "INSERT INTO a VALUES (1);"}};
  const EmbeddedMigrations embedded{"embedded_db", kFiles, 2};
  DatabaseOptions options;
  options.connection_string = database_.url();
  DatabaseManager db{"embedded_db", ConfigManager{}, options};
  EXPECT_EQ(db.get_migration_status().migration_directory, "embedded:embedded_db");
  EXPECT_EQ(db.run_migrations().applied.size(), 1U);
  EXPECT_EQ(scalar("SELECT count(*) FROM a"), "1");
  EXPECT_TRUE(db.get_migration_status().pending_migrations.empty());
  MigrationOptions elsewhere;
  elsewhere.directory = directory_.path();
  EXPECT_EQ(Migrator(db, elsewhere).info().migration_directory, directory_.path().string());
  options.migrations_directory = directory_.path();
  EXPECT_EQ(DatabaseManager("embedded_db", ConfigManager{}, options)
                .get_migration_status()
                .migration_directory,
            directory_.path().string());
}

}  // namespace
}  // namespace flowdb::test_support
