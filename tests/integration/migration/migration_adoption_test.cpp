// Histories of other tools, in the tables that those tools create.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/migrator.hpp>

#include "integration/migration/migration_fixture.hpp"
#include "migration/migration_file.hpp"

namespace flowdb::test_support {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// The table of flyway-core 3.2.1's createMetaDataTable.sql for PostgreSQL.
std::string flyway_3_table(const std::string& name) {
  return "CREATE TABLE \"public\".\"" + name +
         "\" (\"version_rank\" INT NOT NULL, \"installed_rank\" INT NOT NULL,"
         " \"version\" VARCHAR(50) NOT NULL, \"description\" VARCHAR(200) NOT NULL,"
         " \"type\" VARCHAR(20) NOT NULL, \"script\" VARCHAR(1000) NOT NULL, \"checksum\" INTEGER,"
         " \"installed_by\" VARCHAR(100) NOT NULL, \"installed_on\" TIMESTAMP NOT NULL DEFAULT "
         "now(),"
         " \"execution_time\" INTEGER NOT NULL, \"success\" BOOLEAN NOT NULL);"
         "ALTER TABLE \"public\".\"" +
         name + "\" ADD CONSTRAINT \"" + name +
         "_pk\" PRIMARY KEY (\"version\");"
         "CREATE INDEX \"" +
         name + "_vr_idx\" ON \"public\".\"" + name + "\" (\"version_rank\");";
}

/// That of Flyway 4 and later.
std::string flyway_table(const std::string& name) {
  return "CREATE TABLE \"public\".\"" + name +
         "\" (\"installed_rank\" INT NOT NULL, \"version\" VARCHAR(50),"
         " \"description\" VARCHAR(200) NOT NULL, \"type\" VARCHAR(20) NOT NULL,"
         " \"script\" VARCHAR(1000) NOT NULL, \"checksum\" INTEGER,"
         " \"installed_by\" VARCHAR(100) NOT NULL, \"installed_on\" TIMESTAMP NOT NULL DEFAULT "
         "now(),"
         " \"execution_time\" INTEGER NOT NULL, \"success\" BOOLEAN NOT NULL);"
         "ALTER TABLE \"public\".\"" +
         name + "\" ADD CONSTRAINT \"" + name +
         "_pk\" PRIMARY KEY (\"installed_rank\");"
         "CREATE INDEX \"" +
         name + "_s_idx\" ON \"public\".\"" + name + "\" (\"success\");";
}

/// Pyway's CREATE_VERSION_MIGRATIONS for PostgreSQL.
std::string pyway_table(const std::string& name) {
  return "create table if not exists " + name +
         " (installed_rank serial PRIMARY KEY,version varchar(20) NOT NULL,"
         "extension varchar(20) NOT NULL,name varchar(125) NOT NULL,checksum varchar(25) NOT NULL,"
         "apply_timestamp timestamp DEFAULT NOW());";
}

class MigrationAdoption : public MigrationTest {
 protected:
  /// A line with its end, so that the ways of counting differ.
  const std::string contents_ = "CREATE TABLE t (id INT);\n";
  const std::string raw_ = "-765580125";
  const std::string by_lines_ = "1556295178";

  /// Everything in a table, to see that nothing of it was touched.
  std::string digest(const std::string& table) {
    return scalar("SELECT md5(string_agg(r::text, '|' ORDER BY r::text)) FROM " + table + " r");
  }
  MigrationReport run_with(const std::string& table) {
    MigrationOptions options;
    options.adopt_table = table;
    auto db = manager();
    return Migrator(db, options).migrate();
  }
  std::string rows() {
    return scalar(
        "SELECT string_agg(concat_ws('/', installed_rank, version_rank, version, type,"
        " checksum, installed_by), ' ' ORDER BY installed_rank) FROM schema_version");
  }
};

TEST_F(MigrationAdoption, GoesOnInTheTableOfFlyway3) {
  database_.exec(flyway_3_table("schema_version") +
                 "INSERT INTO schema_version VALUES (1, 1, '1', 'a', 'SQL', 'V1__a.sql', " + raw_ +
                 ", 'flyway', '2015-01-15 10:30:00', 12, true)");
  write("V1__a.sql", contents_);
  write("V2__b.sql", "CREATE TABLE b (id int);");
  EXPECT_EQ(run().applied.size(), 1U);
  EXPECT_FALSE(has_table("t"));
  EXPECT_EQ(scalar("SELECT concat_ws('/', checksum, installed_by, installed_on) FROM schema_version"
                   " WHERE version = '1'"),
            raw_ + "/flyway/2015-01-15 10:30:00");
  write("V1__a.sql", "CREATE TABLE u (id INT);\n");
  EXPECT_THAT(failure().what(), HasSubstr("V1__a.sql: it was changed after it was applied"));
  // What Flyway 3 counts, an exchange of line ends changes.
  write("V1__a.sql", "CREATE TABLE t (id INT);\r\n");
  EXPECT_THAT(failure().what(), HasSubstr("V1__a.sql: it was changed after it was applied"));
}

TEST_F(MigrationAdoption, TakesOverATableOfFlyway3WithANameOfItsOwn) {
  database_.exec(flyway_3_table("db_history") +
                 "INSERT INTO db_history VALUES (1, 1, '0', 'base', 'INIT', 'base', NULL, 'flyway',"
                 " '2015-01-15', 0, true), (2, 2, '1', 'a', 'SQL', 'V1__a.sql', " +
                 raw_ + ", 'flyway', '2015-01-16', 12, true)");
  write("V1__a.sql", contents_);
  EXPECT_THAT(failure().what(), HasSubstr("MigrationOptions::adopt_table"));
  const auto before = digest("db_history");
  EXPECT_TRUE(run_with("db_history").applied.empty());
  EXPECT_EQ(digest("db_history"), before);
  EXPECT_EQ(rows(), "1/1/0/INIT/flyway 2/2/1/SQL/" + raw_ + "/flyway");
  EXPECT_TRUE(run().applied.empty());
}

TEST_F(MigrationAdoption, TakesOverFlywaysHistory_AndExecutesNothingAgain) {
  const auto view = migration::checksum("SELECT 2;\n", "R__v.sql");
  database_.exec(
      flyway_table("flyway_schema_history") +
      "INSERT INTO flyway_schema_history VALUES"
      " (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', 'public', NULL, 'fly', now(), 0, true),"
      " (1, '1', 'a', 'SQL', 'V1__a.sql', " +
      by_lines_ +
      ", 'fly', '2020-01-15 10:30:00.5', 12, true),"
      " (2, NULL, 'v', 'SQL', 'R__v.sql', 1, 'fly', now(), 1, true),"
      " (3, '2', 'b', 'SQL', 'V2__b.sql', 2, 'fly', now(), 1, true),"
      " (4, '2', 'b', 'UNDO_SQL', 'U2__b.sql', 2, 'fly', now(), 1, true),"
      " (5, NULL, 'v', 'SQL', 'R__v.sql', " +
      std::to_string(view) +
      ", 'fly', now(), 1, true),"
      " (6, '1.5', 'gone', 'SQL', 'V1_5__gone.sql', 2, 'fly', now(), 1, true),"
      " (7, '1.5', 'gone', 'DELETE', 'V1_5__gone.sql', 2, 'fly', now(), 0, true),"
      " (8, '3', 'java', 'JDBC', 'db.V3__java', NULL, 'fly', now(), 0, true)");
  write("V1__a.sql", contents_);
  write("R__v.sql", "SELECT 2;\n");
  const auto before = digest("flyway_schema_history");
  auto db = manager();
  const auto info = Migrator{db}.info();
  EXPECT_EQ(info.adopted_from, "public.flyway_schema_history");
  EXPECT_EQ(info.current_version, "V3");
  EXPECT_FALSE(has_table("schema_version")) << "info has written";

  EXPECT_TRUE(run().applied.empty());
  EXPECT_EQ(digest("flyway_schema_history"), before);
  EXPECT_EQ(rows(), "1/1/1/SQL/" + by_lines_ +
                        "/fly 2/0/#2 R__v/SQL/1/fly 3/0/#3 2/SQL/2/fly"
                        " 4/0/#4 2/UNDO_SQL/2/fly 5/3/R__v/SQL/" +
                        std::to_string(view) +
                        "/fly 6/0/#6 1.5/DELETED/2/fly 7/0/#7 1.5/DELETE/2/fly 8/2/3/JDBC/fly");
  EXPECT_EQ(scalar("SELECT installed_on FROM schema_version WHERE version = '1'"),
            "2020-01-15 10:30:00.5");
  std::vector<std::string> states;
  for (const auto& migration : Migrator{db}.info().migrations) {
    states.emplace_back(to_string(migration.state));
  }
  EXPECT_THAT(states, ElementsAre("Success", "Superseded", "Undone", "Success", "Success",
                                  "Deleted", "Deleted", "Future"));

  write("V4__c.sql", "CREATE TABLE c (id int);");
  EXPECT_EQ(run().applied.size(), 1U);
  write("V1__a.sql", "CREATE TABLE u (id INT);\n");
  EXPECT_THAT(failure().what(), HasSubstr("V1__a.sql: it was changed after it was applied"));
}

TEST_F(MigrationAdoption, SaysWhatToDo_WhenFlyway4sTableHasTheNameOfOurs) {
  database_.exec(flyway_table("schema_version") +
                 "INSERT INTO schema_version VALUES (1, '1', 'a', 'SQL', 'V1__a.sql', " +
                 by_lines_ + ", 'fly', now(), 12, true)");
  write("V1__a.sql", contents_);
  EXPECT_THAT(failure().what(), HasSubstr("is taken over when it is named flyway_schema_history"));
  database_.exec("ALTER TABLE schema_version RENAME TO flyway_schema_history");
  EXPECT_TRUE(run().applied.empty());
  EXPECT_FALSE(has_table("t"));
}

TEST_F(MigrationAdoption, TakesOverPywaysHistory) {
  database_.exec(pyway_table("pyway") +
                 "INSERT INTO pyway (version, extension, name, checksum, apply_timestamp) VALUES"
                 " ('01.01', 'SQL', 'V01_01__a.sql', 'D25E2CA3', '2022-01-15 10:30:00'),"
                 " ('01.02', 'SQL', 'V01_02__b.sql', '0', NULL)");
  write("V01_01__a.sql", contents_);
  write("V01_02__b.sql", "");
  const auto before = digest("pyway");
  write("V01_03__c.sql", "CREATE TABLE c (id int);");
  EXPECT_EQ(run().applied.size(), 1U);
  EXPECT_FALSE(has_table("t"));
  EXPECT_EQ(digest("pyway"), before);
  EXPECT_EQ(scalar("SELECT string_agg(concat_ws('/', version_rank, version, description, type,"
                   " checksum, installed_by, installed_on), ' ' ORDER BY installed_rank)"
                   " FROM schema_version WHERE installed_rank < 3"),
            "1/01.01/a/SQL/" + raw_ +
                "/pyway/2022-01-15 10:30:00"
                " 2/01.02/b/SQL/0/pyway/1970-01-01 00:00:00");
  write("V01_01__a.sql", "CREATE TABLE u (id INT);\n");
  EXPECT_THAT(failure().what(), HasSubstr("V01_01__a.sql: it was changed after it was applied"));
}

TEST_F(MigrationAdoption, SeesAFlippedByte_BeforeAnythingIsTakenOver) {
  database_.exec(pyway_table("migrations_log") +
                 "INSERT INTO migrations_log (version, extension, name, checksum) VALUES"
                 " ('1.01', 'SQL', 'V1_01__a.sql', 'D25E2CA3')");
  write("V1_01__a.sql", "CREATE TABLE u (id INT);\n");
  std::string refusal;
  try {
    run_with("migrations_log");
  } catch (const MigrationError& error) {
    refusal = error.what();
  }
  EXPECT_THAT(refusal, HasSubstr("V1_01__a.sql: it was changed after it was applied"));
  EXPECT_FALSE(has_table("schema_version"));

  database_.exec("CREATE TABLE nonsense (installed_rank int)");
  try {
    run_with("public.nonsense");
  } catch (const MigrationError& error) {
    refusal = error.what();
  }
  EXPECT_THAT(refusal, AllOf(HasSubstr("cannot be taken over from public.nonsense"),
                             HasSubstr("its columns are neither Flyway's nor Pyway's")));
}

}  // namespace
}  // namespace flowdb::test_support
