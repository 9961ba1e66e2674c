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

Plan plan_of(const std::vector<MigrationFile>& files, const std::vector<HistoryRow>& rows,
             PlanOptions options = {}) {
  return make_plan(
      {.files = files, .history = rows, .options = std::move(options), .names = kNames});
}

/// `V1__a.sql=Success`, in the plan's order.
std::vector<std::string> states(const Plan& plan) {
  std::vector<std::string> words;
  for (const auto& entry : plan.entries) {
    const auto& script = entry.row != nullptr ? entry.row->script : entry.file->script;
    words.push_back(script + "=" + to_string(entry.state));
  }
  return words;
}

PlanOptions up_to(const char* target) {
  return {.target = Version::parse(target)};
}

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
  const std::vector<MigrationFile> files{make_file("V2__b.sql"), make_file("V1.9__a.sql"),
                                         make_file("V10__c.sql"), make_file("R__views.sql"),
                                         make_file("U2__b.sql")};
  const auto plan = plan_of(files, {});
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
  const auto plan = plan_of(files, rows);
  EXPECT_THAT(pending(plan), IsEmpty());
  EXPECT_THAT(problems(plan), IsEmpty());
  EXPECT_EQ(plan.current_version, "V9");
}

TEST(Plan, RunsARepeatableScriptAgain_WhenItsTextHasChanged) {
  const std::vector<MigrationFile> files{make_file("R__views.sql", "SELECT 2;\n"),
                                         make_file("R__roles.sql")};
  std::vector<HistoryRow> rows{make_row(make_file("R__views.sql", "SELECT 1;\n"), 1),
                               make_row(files[1], 2)};
  EXPECT_THAT(pending(plan_of(files, rows)), ElementsAre("R__views.sql"));
  rows[1].success = false;
  EXPECT_THAT(problems(plan_of(files, rows)),
              ElementsAre(AllOf(HasSubstr("R__roles.sql: it failed on 2024-01-15T10:30:00"),
                                HasSubstr("WHERE version = 'R__roles'"))));
  // A repeatable script whose file is gone is no problem, unless it failed.
  EXPECT_EQ(plan_of({files[0]}, rows).problems.size(), 1U);
  rows[1].success = true;
  EXPECT_THAT(problems(plan_of({files[0]}, rows)), IsEmpty());
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

  const auto plan = plan_of(files, rows);
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
          AllOf(HasSubstr("V005__ignored.sql: it was never applied, and V006 already is"),
                HasSubstr("rename it to 'V007__ignored.sql'")),
          AllOf(HasSubstr("V006__f.sql: it failed on 2024-01-15"), HasSubstr("repair"),
                HasSubstr("DELETE FROM public.schema_version WHERE version = '006';"))));

  try {
    throw_problems("rpa_db", plan.problems);
  } catch (const MigrationError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("'rpa_db' cannot run, and none was begun: 7 problems\nlatest.sql"),
                      HasSubstr("\nV006__f.sql: ")));
    EXPECT_EQ(error.script(), "latest.sql");
    EXPECT_EQ(error.database_name(), "rpa_db");
  }
}

TEST(Plan, DoesNotMissTheFilesOfAnOldOrEmptyDirectory) {
  const std::vector<HistoryRow> rows{make_row(make_file("V1__a.sql"), 1),
                                     make_row(make_file("V2__b.sql"), 2)};
  EXPECT_THAT(problems(plan_of({}, rows)), IsEmpty());
  EXPECT_EQ(plan_of({}, rows).current_version, "V2");
  EXPECT_THAT(problems(plan_of({make_file("V1__a.sql")}, rows)), IsEmpty());
}

TEST(Plan, TellsTheStateOfEveryMigration) {
  const std::vector<MigrationFile> files{
      make_file("V1__a.sql"),    make_file("V2__b.sql"), make_file("V3__c.sql"),
      make_file("V4__late.sql"), make_file("V6__f.sql"), make_file("V8__h.sql"),
      make_file("U6__f.sql"),    make_file("U8__h.sql"), make_file("B3__all.sql"),
      make_file("R__v.sql"),     make_file("R__w.sql"),  make_file("R__x.sql")};
  std::vector<HistoryRow> rows{
      make_row(files[0], 1),
      make_row(files[4], 2),
      make_row(files[2], 3),
      make_row(make_file("V5__gone.sql"), 4),
      make_row(make_file("V9__later.sql"), 5),
      make_row(make_file("R__v.sql", "SELECT 'before';"), 6),
      make_row(make_file("R__v.sql", "SELECT 'now';"), 7),
      make_row(files[10], 8),
      make_row(make_file("R__gone.sql"), 9),
      make_row(make_file("V7__undone.sql"), 10),
      make_row(make_file("U7__undone.sql"), 11),
      make_row(make_file("V2.5__deleted.sql"), 12),
  };
  rows[0].version = "1";
  rows[0].type = kBaselineType;
  rows[0].script = "Baseline";
  rows[0].checksum.reset();
  for (const std::size_t former : {5U, 9U, 10U, 11U}) {
    rows[former].version = former_version(rows[former].installed_rank, rows[former].version);
  }
  rows[10].type = kUndoType;
  rows[11].type = kDeletedType;
  const auto plan = plan_of(files, rows);
  EXPECT_THAT(
      states(plan),
      ElementsAre("Baseline=Baseline", "V6__f.sql=Success", "V3__c.sql=Out of Order",
                  "V5__gone.sql=Missing", "V9__later.sql=Future", "R__v.sql=Superseded",
                  "R__v.sql=Outdated", "R__w.sql=Success", "R__gone.sql=Missing",
                  "V7__undone.sql=Undone", "U7__undone.sql=Success", "V2.5__deleted.sql=Deleted",
                  "B3__all.sql=Ignored", "V1__a.sql=Below Baseline", "V2__b.sql=Ignored",
                  "V4__late.sql=Ignored", "V8__h.sql=Ignored", "U6__f.sql=Available",
                  "U8__h.sql=Ignored", "R__x.sql=Pending"));
  EXPECT_THAT(pending(plan), ElementsAre("R__v.sql", "R__x.sql"));
  EXPECT_EQ(plan.problems.size(), 4U);  // one missing, three ignored
}

TEST(Plan, RunsWhatComesLate_OutOfOrder_AndNothingAboveTheTarget) {
  const std::vector<MigrationFile> files{make_file("V1__a.sql"), make_file("V2__b.sql"),
                                         make_file("V3__c.sql"), make_file("V4__d.sql"),
                                         make_file("V5__e.sql")};
  const std::vector<HistoryRow> rows{make_row(files[0], 1), make_row(files[2], 2)};
  PlanOptions options = up_to("4.0");
  options.out_of_order = true;
  const auto plan = plan_of(files, rows, options);
  EXPECT_THAT(pending(plan), ElementsAre("V2__b.sql", "V4__d.sql"));
  EXPECT_THAT(plan.problems, IsEmpty());
  EXPECT_THAT(states(plan),
              ElementsAre("V1__a.sql=Success", "V3__c.sql=Success", "V2__b.sql=Pending",
                          "V4__d.sql=Pending", "V5__e.sql=Above Target"));
  // A target below what is applied takes nothing back.
  EXPECT_THAT(pending(plan_of(files, rows, up_to("1"))), IsEmpty());
}

TEST(Plan, BeginsAnEmptyHistoryWithTheHighestBaselineScript) {
  const std::vector<MigrationFile> files{make_file("V1__a.sql"), make_file("V5__e.sql"),
                                         make_file("V6__f.sql"), make_file("B3__three.sql"),
                                         make_file("B5__five.sql")};
  EXPECT_THAT(pending(plan_of(files, {})), ElementsAre("B5__five.sql", "V6__f.sql"));
  EXPECT_THAT(pending(plan_of(files, {}, up_to("4"))), ElementsAre("B3__three.sql"));
  EXPECT_THAT(
      states(plan_of(files, {})),
      ElementsAre("B3__three.sql=Ignored", "B5__five.sql=Pending", "V1__a.sql=Below Baseline",
                  "V5__e.sql=Below Baseline", "V6__f.sql=Pending"));

  auto applied = make_row(files[4], 1);
  applied.type = kBaselineScriptType;
  EXPECT_THAT(pending(plan_of(files, {applied})), ElementsAre("V6__f.sql"));
  EXPECT_THAT(problems(plan_of(files, {applied})), IsEmpty());
  ++*applied.checksum;
  EXPECT_THAT(problems(plan_of(files, {applied})),
              ElementsAre(HasSubstr("B5__five.sql: it was ch")));
  // Where migrations ran before, it has no say.
  EXPECT_THAT(pending(plan_of(files, {make_row(files[0], 1)})),
              ElementsAre("V5__e.sql", "V6__f.sql"));
}

TEST(Plan, GoesOnWithAScriptThatWasInterrupted) {
  const std::vector<MigrationFile> files{make_file("V1__a.sql"), make_file("V2__b.sql", "VACUUM;"),
                                         make_file("V3__c.sql")};
  auto half = make_row(make_file("V2__b.sql", "VACUUM; VACUUM nowhere;"), 2);
  half.success = false;
  half.execution_time = kUnderWay;
  std::vector<HistoryRow> rows{make_row(files[0], 1), half};
  const auto plan = plan_of(files, rows);
  EXPECT_THAT(pending(plan), ElementsAre("V2__b.sql", "V3__c.sql"));
  EXPECT_THAT(problems(plan), IsEmpty());
  EXPECT_EQ(states(plan)[1], "V2__b.sql=Interrupted");
  EXPECT_EQ(plan.current_version, "V1");
  // Its file is gone: nothing can go on. Or it is not there yet: a newer program is at work.
  EXPECT_THAT(problems(plan_of({files[0], files[2]}, rows)),
              ElementsAre(HasSubstr("V2__b.sql: it was applied, but the file is missing")));
  EXPECT_THAT(problems(plan_of({files[0]}, rows)), IsEmpty());
  rows[1].execution_time = {};
  EXPECT_EQ(states(plan_of(files, rows))[1], "V2__b.sql=Failed");
}

TEST(Plan, KnowsTheChecksumsOfOtherTools) {
  const auto file = make_file("V1__a.sql", "SELECT 1;\r\nSELECT 2;\r\n");
  auto row = make_row(file);
  row.checksum = raw_checksum("SELECT 1;\r\nSELECT 2;\r\n");
  EXPECT_NE(row.checksum, file.checksum);
  EXPECT_THAT(problems(plan_of({file}, {row})), IsEmpty());
  ++*row.checksum;
  EXPECT_THAT(problems(plan_of({file}, {row})), ElementsAre(HasSubstr("it was changed")));
}

TEST(Plan, IsMadeInNoTime_ForTenThousandMigrations) {
  std::vector<MigrationFile> files;
  std::vector<HistoryRow> rows;
  for (int version = 1; version <= 10000; ++version) {
    files.push_back(make_file("V" + std::to_string(version) + "__step.sql"));
    rows.push_back(make_row(files.back(), version));
  }
  const auto started = std::chrono::steady_clock::now();
  const auto plan = plan_of(files, rows);
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

TEST(HistoryRow, KeepsFormerRowsUnderAVersionTextOfTheirOwn) {
  auto row = make_row(make_file("R__Refresh_views.sql"), 7);
  row.version = former_version(7, row.version);
  EXPECT_EQ(row.version, "#7 R__Refresh_views");
  EXPECT_TRUE(is_former(row));
  EXPECT_FALSE(is_repeatable(row));
  EXPECT_EQ(display_version(row), "");
  row.version = former_version(12, "003.1");
  EXPECT_EQ(display_version(row), "V003.1");
  EXPECT_EQ(former_version(1000, std::string(50, '1')).size(), 50U);
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
