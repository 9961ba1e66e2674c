#include "migration/plan.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "unit/migration/make_migration.hpp"

namespace flowdb::migration {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const PlanNames kNames{"migrations/rpa_db", "public.schema_version"};

std::vector<std::string> pending(const Plan& plan) {
  std::vector<std::string> scripts;
  for (const auto* file : plan.pending) scripts.push_back(file->script);
  return scripts;
}

std::vector<std::string> problems(const Plan& plan) {
  std::vector<std::string> texts;
  for (const auto& problem : plan.problems) texts.push_back(problem.text);
  return texts;
}

TEST(Plan, HasEverythingPendingInOrder_WhenNothingWasApplied) {
  const std::vector<MigrationFile> files{make_file("V2__b.sql"),  make_file("V1.9__a.sql"),
                                         make_file("V10__c.sql"), make_file("R__views.sql"),
                                         make_file("U2__b.sql"),  make_file("B1__base.sql")};
  const auto plan = make_plan(files, {}, kNames);
  EXPECT_THAT(pending(plan), ElementsAre("V1.9__a.sql", "V2__b.sql", "V10__c.sql", "R__views.sql"));
  EXPECT_THAT(plan.problems, IsEmpty());
  EXPECT_EQ(plan.current_version, std::nullopt);
}

TEST(Plan, HasNothingToDo_WhenFilesAndHistoryAgree) {
  const std::vector<MigrationFile> files{make_file("V001__a.sql"), make_file("V002__b.sql"),
                                         make_file("R__views.sql")};
  // 1.0 is the version 001 by another writing; V9 came with a newer program.
  std::vector<HistoryRow> rows{make_row(files[0], 1), make_row(files[1], 2), make_row(files[2], 3),
                               make_row(make_file("V9__later.sql"), 4)};
  rows[0].version = "1.0";
  rows[1].checksum.reset();
  const auto plan = make_plan(files, rows, kNames);
  EXPECT_THAT(pending(plan), IsEmpty());
  EXPECT_THAT(problems(plan), IsEmpty());
  EXPECT_EQ(plan.current_version, "V9");
}

TEST(Plan, RunsARepeatableScriptAgain_WhenItsTextHasChanged) {
  const std::vector<MigrationFile> files{make_file("R__views.sql", "SELECT 2;\n"),
                                         make_file("R__roles.sql")};
  std::vector<HistoryRow> rows{make_row(make_file("R__views.sql", "SELECT 1;\n"), 1),
                               make_row(files[1], 2)};
  EXPECT_THAT(pending(make_plan(files, rows, kNames)), ElementsAre("R__views.sql"));
  rows[1].success = false;
  EXPECT_THAT(problems(make_plan(files, rows, kNames)),
              ElementsAre(AllOf(HasSubstr("R__roles.sql: it failed on 2024-01-15T10:30:00"),
                                HasSubstr("WHERE version = 'R__roles'"))));
}

TEST(Plan, ReportsAllProblemsTogether_AndSaysWhatToDo) {
  const std::vector<MigrationFile> files{make_file("V001__a.sql", "SELECT 'changed';\n"),
                                         make_file("V002__renamed.sql"), make_file("V003__c.sql"),
                                         make_file("V005__ignored.sql"), make_file("V006__f.sql")};
  const auto applied = make_file("V001__a.sql");
  std::vector<HistoryRow> rows{make_row(applied, 1), make_row(make_file("V002__b.sql"), 2),
                               make_row(files[2], 3), make_row(make_file("V004__gone.sql"), 4),
                               make_row(files[4], 5)};
  rows[2].type = "JDBC";
  rows[4].success = false;
  rows.push_back(make_row(applied, 6));
  rows.back().version = "latest";
  rows.back().script = "latest.sql";

  const auto plan = make_plan(files, rows, kNames);
  EXPECT_THAT(pending(plan), IsEmpty());
  EXPECT_EQ(plan.current_version, "V004");
  const auto was = std::to_string(applied.checksum);
  const auto is = std::to_string(files[0].checksum);
  EXPECT_THAT(
      problems(plan),
      ElementsAre(
          AllOf(HasSubstr("latest.sql: the row of public.schema_version with installed_rank 6"),
                HasSubstr("'latest', which is none")),
          AllOf(HasSubstr("V001__a.sql: it was changed after it was applied"),
                HasSubstr("its checksum is " + is + ", the history has " + was),
                HasSubstr("new script, 'V007__a.sql'"),
                HasSubstr("SET checksum = " + is + " WHERE version = '001';")),
          AllOf(HasSubstr("V002__renamed.sql: its description is 'renamed'"),
                HasSubstr("applied as 'b'"), HasSubstr("former name 'V002__b.sql'"),
                HasSubstr("'V007__renamed.sql'")),
          AllOf(HasSubstr("V003__c.sql: its type is SQL"), HasSubstr("JDBC")),
          AllOf(HasSubstr("V004__gone.sql: it was applied, but the file is missing in "
                          "'migrations/rpa_db', which goes up to V006"),
                HasSubstr("restore it")),
          AllOf(HasSubstr("V006__f.sql: it failed on 2024-01-15"),
                HasSubstr("DELETE FROM public.schema_version WHERE version = '006';")),
          AllOf(HasSubstr("V005__ignored.sql: it was never applied, and V006 already is"),
                HasSubstr("rename it to 'V007__ignored.sql'"))));

  try {
    throw_problems("rpa_db", plan.problems);
  } catch (const MigrationError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("'rpa_db' cannot run, and none was begun: 7 problems\nlatest.sql"),
                      HasSubstr("\nV005__ignored.sql: ")));
    EXPECT_EQ(error.script(), "latest.sql");
    EXPECT_EQ(error.database_name(), "rpa_db");
  }
}

TEST(Plan, DoesNotMissTheFilesOfAnOldOrEmptyDirectory) {
  const std::vector<HistoryRow> rows{make_row(make_file("V1__a.sql"), 1),
                                     make_row(make_file("V2__b.sql"), 2)};
  EXPECT_THAT(problems(make_plan({}, rows, kNames)), IsEmpty());
  EXPECT_EQ(make_plan({}, rows, kNames).current_version, "V2");
  EXPECT_THAT(problems(make_plan({make_file("V1__a.sql")}, rows, kNames)), IsEmpty());
}

TEST(Plan, IsMadeInNoTime_ForTenThousandMigrations) {
  std::vector<MigrationFile> files;
  std::vector<HistoryRow> rows;
  for (int version = 1; version <= 10000; ++version) {
    files.push_back(make_file("V" + std::to_string(version) + "__step.sql"));
    rows.push_back(make_row(files.back(), version));
  }
  const auto started = std::chrono::steady_clock::now();
  const auto plan = make_plan(files, rows, kNames);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{2});
  EXPECT_THAT(plan.pending, IsEmpty());
  EXPECT_EQ(plan.current_version, "V10000");
}

TEST(HistoryRow, GivesRepeatableScriptsAVersionTextOfTheirOwn) {
  EXPECT_EQ(history_version(make_file("V1_2__a.sql").name), "1.2");
  const auto views = make_file("R__Refresh_all views.sql");
  EXPECT_EQ(history_version(views.name), "R__Refresh_all_views");
  EXPECT_TRUE(is_repeatable(make_row(views)));
  EXPECT_EQ(display_version(make_row(views)), "");
  EXPECT_EQ(display_version(make_row(make_file("V001__a.sql"))), "V001");

  const std::string sixty(60, 'x');
  const auto one = history_version(make_file("R__" + sixty + "_one.sql").name);
  const auto two = history_version(make_file("R__" + sixty + "_two.sql").name);
  EXPECT_EQ(one.size(), 50U);
  EXPECT_EQ(one.substr(0, 42), "R__" + sixty.substr(0, 38) + "~");
  EXPECT_NE(one, two);
}

TEST(HistoryRow, RanksByVersion_RepeatableScriptsLast) {
  const std::vector<HistoryRow> rows{make_row(make_file("V1__a.sql"), 1),
                                     make_row(make_file("R__views.sql"), 2),
                                     make_row(make_file("V1.10__c.sql"), 3)};
  EXPECT_EQ(version_rank(make_file("V1.9__b.sql").name, rows), 2);
  EXPECT_EQ(version_rank(make_file("V2__d.sql").name, rows), 3);
  EXPECT_EQ(version_rank(make_file("R__roles.sql").name, rows), 4);
}

}  // namespace
}  // namespace flowdb::migration
