// The `flowdb` command itself, against a real server.
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/cli/command_fixture.hpp"
#include "support/chaos_proxy.hpp"

namespace flowdb::test_support {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Command, MigratesAndTellsPeopleWhatItDid) {
  project_.write("V001__Create_orders.sql", "CREATE TABLE orders (id bigint);");
  project_.write("V002__Größe.sql", "ALTER TABLE orders ADD size text;");
  const auto first = run({"migrate"});
  EXPECT_EQ(first.exit_code, 0) << first.error;
  EXPECT_THAT(first.out, AllOf(StartsWith("Version  Description    Script                   "),
                               HasSubstr("\nV001     Create orders  V001__Create_orders.sql  "),
                               HasSubstr("\nV002     Größe          V002__Größe.sql          "),
                               HasSubstr("\nrpa_db: 2 migrations applied, now at V002.\n"),
                               Not(HasSubstr("\x1b"))));
  EXPECT_THAT(run({"migrate"}).out, "rpa_db: 0 migrations applied, now at V002.\n");
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM schema_version"), "2");
}

TEST_F(Command, SaysInJsonWhatItDid) {
  project_.write("V001__Create_orders.sql", "CREATE TABLE orders (id bigint);");
  EXPECT_EQ(document({"validate"}).at("pending_migrations").size(), 1U);
  const auto report = document({"migrate"});
  EXPECT_EQ(report.at("applied").at(0).at("script"), "V001__Create_orders.sql");
  EXPECT_EQ(report.at("current_version"), "V001");
  EXPECT_EQ(document({"health"}).at("status"), "healthy");
  EXPECT_EQ(document({"pool"}).at("pool_size"), 5);
  EXPECT_EQ(document({"query", "-p", "a=x=y", "SELECT :a AS a, 1 AS b"}),
            json::parse(R"([{"a": "x=y", "b": 1}])"));
}

TEST_F(Command, EndsWithACodeForEachKindOfFailure) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  EXPECT_EQ(run({"health"}).exit_code, 1) << "a migration is pending";
  EXPECT_EQ(run({"migrate", "--json"}).exit_code, 0);
  project_.write("V1__a.sql", "CREATE TABLE a (id int);");
  EXPECT_EQ(run({"validate"}).exit_code, 1);
  EXPECT_EQ(run({"lint"}).exit_code, 1);
  EXPECT_EQ(run({"migrate"}).exit_code, 5) << "edited";
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  EXPECT_EQ(run({"lint"}).exit_code, 0);
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"frobnicate"}).exit_code, 2);
  EXPECT_EQ(run({"lint", "--exclude", "no-such-rule"}).exit_code, 2);
  EXPECT_EQ(run({"query", "SELECT 1", "-p", "x"}).exit_code, 2);
  EXPECT_EQ(run({"validate", "--database", "other"}).exit_code, 3);
  EXPECT_EQ(run({"query", "SELECT nope"}).exit_code, 6);
  EXPECT_EQ(run({"query", "INSERT INTO a VALUES (1)"}).exit_code, 6) << "read-only";
  EXPECT_EQ(run({"query", "INSERT INTO a VALUES (1)", "--write"}).exit_code, 0);
  EXPECT_EQ(run({"query", "SELECT 1"}, CommandOutput::full_device).exit_code, 8);
  project_.configure(database_.url(role_, "c4n4ry-wrong"));
  EXPECT_EQ(run({"migrate"}).exit_code, 4);
  EXPECT_EQ(run({"health"}).exit_code, 1) << "unhealthy";
  project_.configure("postgresql://u:c4n4ry@127.0.0.1:1/d");
  EXPECT_EQ(document({"query", "SELECT 1"}, 4).at("error").at("kind"), "ConnectionError");
}

TEST_F(Command, SaysThatAnOutcomeIsUnknown_WhenTheAnswerIsLost) {
  database_.exec("CREATE TABLE t (id int); GRANT INSERT ON t TO \"" + role_ + "\"");
  const std::vector<std::string> insert{"query", "INSERT INTO t VALUES (1)", "--write"};
  std::uint64_t whole = 0;
  {
    ChaosProxy proxy{url()};
    project_.configure(proxy.url());
    ASSERT_EQ(run(insert).exit_code, 0);
    whole = proxy.bytes(Direction::to_client);
  }
  // The length of a handshake differs by a few bytes.
  std::set<int> codes;
  for (std::uint64_t missing = 1; missing < 60 && codes.count(7) == 0; ++missing) {
    ChaosOptions options;
    options.cut = Cut{.direction = Direction::to_client, .after_bytes = whole - missing};
    ChaosProxy proxy{url(), options};
    project_.configure(proxy.url());
    codes.insert(run(insert).exit_code);
  }
  EXPECT_EQ(codes.count(7), 1U);
}

TEST_F(Command, NamesThePlaceOfAFailure) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);\nSELECT nope;");
  const auto result = run({"migrate"});
  EXPECT_EQ(result.exit_code, 5);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.error,
              HasSubstr("flowdb: V1__a.sql:2:8: ERROR: column \"nope\" does not exist "
                        "(SQLSTATE 42703)\n    SELECT nope;\n           ^\n"));
  const auto error = document({"migrate"}, 5).at("error");
  EXPECT_EQ(error.at("kind"), "MigrationError");
  EXPECT_EQ(error.at("script"), "V1__a.sql");
  EXPECT_EQ(error.at("line"), 2);
  EXPECT_EQ(error.at("column"), 8);
  EXPECT_EQ(error.at("sqlstate"), "42703");
  EXPECT_EQ(error.at("exit_code"), 5);
}

TEST_F(Command, ShowsColoursOnATerminalAlone) {
  EXPECT_THAT(run({"health"}, CommandOutput::terminal).out, HasSubstr("\x1b[32mhealthy\x1b[0m"));
  EXPECT_THAT(run({"health", "--no-color"}, CommandOutput::terminal).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(run({"health"}).out, AllOf(HasSubstr("healthy"), Not(HasSubstr("\x1b"))));
}

TEST_F(Command, LetsNothingFromTheDatabaseMoveTheCursor) {
  const auto result = run({"query", "SELECT E'a\\x1b[2Jb\\nc' AS x, NULL AS y"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("a?[2Jb c"), HasSubstr("NULL"), Not(HasSubstr("\x1b"))));
}

TEST(CommandWithoutDatabase, MakesTheFileOfTheNextMigration) {
  const CommandProject project;
  const auto first = project.run({"new", "Create orders"});
  EXPECT_EQ(first.exit_code, 0) << first.error;
  EXPECT_EQ(first.out, (project.migrations() / "V001__Create_orders.sql").string() + "\n");
  EXPECT_TRUE(std::filesystem::exists(project.migrations() / "V001__Create_orders.sql"));
  const auto second = json::parse(project.run({"--json", "new", "Add index"}).out);
  EXPECT_EQ(second.at("script"), "V002__Add_index.sql");
  EXPECT_EQ(project.run({"new", "a/b"}).exit_code, 5);
  EXPECT_EQ(project.run({"new"}).exit_code, 2);
}

TEST(CommandWithoutDatabase, LintsFilesAndDirectories) {
  const CommandProject project;
  project.write("V1__a.sql", "DROP TABLE a;\n-- flowdb-ignore\nDROP TABLE b;\n");
  const auto result = project.run({"lint"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out,
              AllOf(StartsWith("V1__a.sql:1:1: ban-drop-table: Programs that still run"),
                    HasSubstr("\n1 finding in 2 statements of 1 script.\n")));
  EXPECT_EQ(project.run({"lint", "--exclude", "ban-drop-table,unused-ignore"}).exit_code, 0);
  const auto file = (project.migrations() / "V1__a.sql").string();
  const auto of_file =
      json::parse(project.run({"lint", "--require-lock-timeout", "--json", file}).out);
  EXPECT_EQ(of_file.at("findings").size(), 2U);
  EXPECT_EQ(project.run({"lint", "--exclude", "ban-drop-table", "--exclude", "unused-ignore", file})
                .exit_code,
            0);
  EXPECT_EQ(run_command({"lint", "--directory", project.migrations().string()}).exit_code, 1);
  EXPECT_EQ(project.run({"lint", "/nowhere.sql"}).exit_code, 2);
  EXPECT_GE(json::parse(project.run({"lint", "--rules", "--json"}).out).size(), 20U);
}

TEST(CommandWithoutDatabase, NeverRepeatsTheValueOfAnArgument) {
  const CommandProject project;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"validate", "--connection-string", "postgresql://u:c4n4ry@h/d"},
        std::vector<std::string>{"validate", "--password=c4n4ry"},
        std::vector<std::string>{"migrate", "--lock-timeout", "c4n4ry"},
        std::vector<std::string>{"migrate", "--interrupted", "c4n4ry"},
        std::vector<std::string>{"migrate", "--lock-retries", "-4"},
        std::vector<std::string>{"validate", "c4n4ry"}}) {
    const auto result = project.run(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.error, AllOf(StartsWith("flowdb: "), Not(HasSubstr("c4n4ry"))));
    EXPECT_EQ(result.out, "");
  }
}

TEST(CommandWithoutDatabase, HelpsAndTellsItsVersion) {
  EXPECT_THAT(run_command({"--version"}).out, HasSubstr("0."));
  const auto help = run_command({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const auto* command : {"migrate", "info", "validate", "plan", "baseline", "repair", "undo",
                              "lint", "new", "health", "pool", "query"}) {
    EXPECT_THAT(help.out, HasSubstr("  " + std::string{command} + " "));
    EXPECT_EQ(run_command({command, "--help"}).exit_code, 0);
  }
}

}  // namespace
}  // namespace flowdb::test_support
