// What the command tells of migrations beside migrate.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/cli/command_fixture.hpp"

namespace flowdb::test_support {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(Command, ShowsHowEachMigrationStands) {
  project_.write("V001__Create_a.sql", "CREATE TABLE a (id bigint);");
  project_.write("V002__Create_b.sql", "CREATE TABLE b (id bigint);");
  EXPECT_EQ(run({"migrate", "--target", "1"}).exit_code, 0);
  const auto shown = run({"info"});
  EXPECT_EQ(shown.exit_code, 0) << shown.error;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("\nVersion    V001\n"), HasSubstr("Success"),
                               HasSubstr("Create b     Pending"), Not(HasSubstr("\x1b"))));
  auto overview = document({"info", "--target", "1"});
  EXPECT_EQ(overview.at("current_version"), "V001");
  EXPECT_EQ(overview.at("migrations").at(1).at("state"), "Above Target");
  EXPECT_THAT(run({"info"}, CommandOutput::terminal).out, HasSubstr("\x1b[32mSuccess\x1b[0m"));
}

TEST_F(Command, PlansWithItsLocks_AndChangesNothing) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  run({"migrate"});
  project_.write("V2__b.sql", "ALTER TABLE a ADD note text;\nCREATE TABLE b (id bigint);");
  const auto shown = run({"plan"});
  EXPECT_EQ(shown.exit_code, 0) << shown.error;
  EXPECT_THAT(shown.out,
              AllOf(HasSubstr("V2__b.sql  one transaction\n"), HasSubstr("  1:1  ALTER TABLE a"),
                    HasSubstr("locks AccessExclusiveLock on a\n"),
                    HasSubstr("rpa_db: 1 migration would run, from V1.\n")));
  EXPECT_EQ(database_.scalar("SELECT to_regclass('b') IS NULL"), "t");
  project_.write("V2__b.sql", "SELECT nope;");
  EXPECT_THAT(run({"plan"}).out, AllOf(HasSubstr("V2__b.sql:1:8: ERROR: column"),
                                       HasSubstr("\nrpa_db: a run would fail.\n")));
  EXPECT_EQ(document({"plan"}, 1).at("steps").at(0).at("failure").at("column"), 8);
}

TEST_F(Command, TakesBackAndPutsRight) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  project_.write("U1__a.sql", "DROP TABLE a;");
  run({"migrate"});
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint); -- edited");
  EXPECT_EQ(run({"validate"}).exit_code, 1);
  EXPECT_EQ(document({"repair"}).at("changes").at(0).at("action"), "realigned");
  EXPECT_THAT(run({"repair"}).out, "rpa_db: 0 changes in the history.\n");
  EXPECT_EQ(run({"validate"}).exit_code, 0);
  EXPECT_THAT(run({"undo"}).out, HasSubstr("rpa_db: 1 migration undone, now at none.\n"));
  EXPECT_EQ(database_.scalar("SELECT to_regclass('a') IS NULL"), "t");
  EXPECT_EQ(run({"undo"}).exit_code, 5) << "there is nothing to undo";
}

TEST_F(Command, GivesABaseline) {
  database_.exec("CREATE TABLE a (id bigint)");
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  project_.write("V2__b.sql", "CREATE TABLE b (id bigint);");
  EXPECT_EQ(run({"migrate"}).exit_code, 5) << "the schema is not empty and has no history";
  EXPECT_EQ(run({"baseline", "--baseline-version", "1"}).out, "rpa_db: baseline V1 made.\n");
  EXPECT_EQ(document({"migrate"}).at("applied").size(), 1U);
}

TEST_F(Command, TellsOfALongRunWhereItIs) {
  project_.write("V1__a.sql", "CREATE TABLE a (id bigint);");
  project_.write("V2__b.sql", "CREATE TABLE b (id bigint);");
  EXPECT_THAT(run({"migrate", "--json"}).error,
              AllOf(HasSubstr("[1/2] V1__a.sql applied in "),
                    HasSubstr("[2/2] V2__b.sql applied in "), Not(HasSubstr("\x1b"))));
  project_.write("V3__c.sql", "CREATE TABLE c (id bigint);");
  EXPECT_EQ(run({"migrate", "--quiet"}).error, "");
}

TEST_F(Command, FillsInPlaceholders) {
  project_.write("V1__a.sql", "CREATE TABLE ${name} (id bigint);");
  EXPECT_EQ(run({"migrate", "--placeholder", "other=x"}).exit_code, 5);
  EXPECT_EQ(run({"migrate", "--placeholder", "name=a"}).exit_code, 0);
  EXPECT_EQ(run({"migrate", "--placeholder", "name"}).exit_code, 2);
  EXPECT_EQ(database_.scalar("SELECT to_regclass('a') IS NOT NULL"), "t");
}

}  // namespace
}  // namespace flowdb::test_support
