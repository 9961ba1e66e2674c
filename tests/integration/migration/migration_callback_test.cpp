// Callbacks, locks that are not free, and what people are shown of a run.
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/migrator.hpp>

#include "integration/migration/migration_fixture.hpp"
#include "support/observer.hpp"

namespace flowdb::test_support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MigrationCallbacks : public MigrationTest {
 protected:
  MigrationCallbacks() {
    database_.exec("CREATE SCHEMA observer; CREATE TABLE observer.calls (id serial, event text)");
  }
  static std::string note(const std::string& event) {
    return "INSERT INTO observer.calls (event) VALUES ('" + event + "');";
  }
  std::string calls() {
    return scalar("SELECT coalesce(string_agg(event, ' ' ORDER BY id), '') FROM observer.calls");
  }
};

TEST_F(MigrationCallbacks, AreCalledAroundARunAndEachMigration) {
  write("V1__a.sql", note("a"));
  write("V2__b.sql", note("b"));
  for (const std::string event : {"beforeMigrate", "beforeEachMigrate", "afterEachMigrate",
                                  "afterMigrate", "afterMigrateApplied", "afterMigrateError"}) {
    write(event + ".sql", note(event));
  }
  write("afterMigrate__2.sql", note("second"));
  std::vector<std::string> heard;
  MigrationOptions options;
  const auto hear = [&](MigrationCall& call) {
    heard.push_back(std::string{to_string(call.event())} + ":" + call.script());
    call.run(note("function"));
  };
  options.callbacks[MigrationEvent::before_each_migrate].push_back(hear);
  options.callbacks[MigrationEvent::after_migrate].push_back(hear);
  auto db = manager();
  Migrator migrator{db, options};
  migrator.migrate();
  EXPECT_EQ(
      calls(),
      "beforeMigrate beforeEachMigrate function a afterEachMigrate beforeEachMigrate function b"
      " afterEachMigrate afterMigrateApplied afterMigrate second function");
  EXPECT_THAT(heard, ElementsAre("beforeEachMigrate:V1__a.sql", "beforeEachMigrate:V2__b.sql",
                                 "afterMigrate:"));
  database_.exec("DELETE FROM observer.calls");
  migrator.migrate();
  EXPECT_EQ(calls(), "beforeMigrate afterMigrate second function") << "nothing was pending";
}

TEST_F(MigrationCallbacks, FailTheMigrationThatTheyBelongTo) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("afterEachMigrate.sql", "SELECT 1;\nSELECT nope;");
  write("afterEachMigrateError.sql", note("each error"));
  write("afterMigrateError.sql", note("error"));
  EXPECT_THAT(failure().what(), HasSubstr("afterEachMigrate.sql:2:8: ERROR: column \"nope\""));
  EXPECT_FALSE(has_table("a"));
  EXPECT_EQ(calls(), "each error error");

  directory_.remove("afterEachMigrate.sql");
  MigrationOptions options;
  options.callbacks[MigrationEvent::after_each_migrate].push_back(
      [](MigrationCall&) { throw std::runtime_error("not today"); });
  auto db = manager();
  EXPECT_THROW(Migrator(db, options).migrate(), std::runtime_error);
  EXPECT_FALSE(has_table("a"));
  write("beforeMigrate.sql", "SELECT 1;\n  VACUUM;");
  EXPECT_THAT(failure().what(), HasSubstr("beforeMigrate.sql: a callback runs in a transaction"));
}

TEST_F(MigrationCallbacks, TellTheProgress) {
  write("V1__a.sql", "SELECT 1;\n\nSELECT 2;");
  write("V2__b.sql", "VACUUM;");
  std::vector<std::string> seen;
  MigrationOptions options;
  options.on_progress = [&](const MigrationProgress& progress) {
    const bool is_applied = progress.step == MigrationProgress::Step::applied;
    seen.push_back(progress.script + " " + std::to_string(progress.number) + "/" +
                   std::to_string(progress.total) +
                   (is_applied ? " applied"
                               : " line " + std::to_string(progress.line) + " " +
                                     std::to_string(progress.statement) + "/" +
                                     std::to_string(progress.statements)));
  };
  auto db = manager();
  Migrator(db, options).migrate();
  EXPECT_THAT(seen, ElementsAre("V1__a.sql 1/2 line 1 1/2", "V1__a.sql 1/2 line 3 2/2",
                                "V1__a.sql 1/2 applied", "V2__b.sql 2/2 line 1 1/1",
                                "V2__b.sql 2/2 applied"));
}

TEST_F(MigrationCallbacks, AMigrationGivesWay_WhenALockIsNotFree_AndTriesAgain) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  run();
  write("V2__b.sql", "CREATE TABLE b (id int);\nALTER TABLE a ADD note text;");
  Observer holder{database_.url()};
  holder.exec("BEGIN; SELECT * FROM a");
  std::vector<MigrationProgress::Step> steps;
  MigrationOptions options;
  options.lock_timeout = std::chrono::milliseconds{50};
  options.lock_retries = 1;
  options.on_progress = [&](const MigrationProgress& progress) {
    if (progress.step != MigrationProgress::Step::running) steps.push_back(progress.step);
  };
  auto db = manager();
  std::string refusal;
  try {
    Migrator(db, options).migrate();
  } catch (const MigrationError& error) {
    refusal = error.what();
  }
  EXPECT_THAT(refusal, HasSubstr("V2__b.sql:2:1: ERROR: canceling statement due to lock timeout"));
  EXPECT_THAT(steps, ElementsAre(MigrationProgress::Step::retrying));
  EXPECT_FALSE(has_table("b"));

  options.lock_retries = 1000;
  const auto watch = options.on_progress;
  options.on_progress = [&](const MigrationProgress& progress) {
    watch(progress);
    if (progress.step == MigrationProgress::Step::retrying) holder.exec("ROLLBACK");
  };
  EXPECT_EQ(Migrator(db, options).migrate().current_version, "V2");
  EXPECT_EQ(history(), "V1__a.sql,V2__b.sql");
}

TEST_F(MigrationCallbacks, TheVeryFirstMigrationGivesWayToo) {
  database_.exec("CREATE TABLE observer.held (id int)");
  write("V1__a.sql", "ALTER TABLE observer.held ADD note text;");
  Observer holder{database_.url()};
  holder.exec("BEGIN; SELECT * FROM observer.held");
  MigrationOptions options;
  options.lock_timeout = std::chrono::milliseconds{50};
  options.on_progress = [&](const MigrationProgress& progress) {
    if (progress.step == MigrationProgress::Step::retrying) holder.exec("ROLLBACK");
  };
  auto db = manager();
  EXPECT_EQ(Migrator(db, options).migrate().applied.size(), 1U);
  EXPECT_EQ(history(), "V1__a.sql");
}

using MigrationRehearsal = MigrationTest;

std::vector<std::string> locks_of(const MigrationPlan::Statement& statement) {
  std::vector<std::string> words;
  for (const auto& lock : statement.locks) {
    words.push_back(lock.object + " " + lock.mode + (lock.is_new ? " new" : ""));
  }
  return words;
}

TEST_F(MigrationRehearsal, ShowsWhatWouldRunAndWhichLocksItTakes_AndChangesNothing) {
  write("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
  run();
  write("V2__b.sql",
        "SET search_path = pg_catalog;\nCREATE TABLE public.b (id int);\n"
        "ALTER TABLE public.a\n  ADD note text;\nUPDATE public.a SET note = '';");
  write("V3__c.sql", "CREATE INDEX a_note ON a (note);");
  write("V4__lone.sql", "CREATE INDEX CONCURRENTLY a_id ON a (id);");
  write("V5__bad.sql", "SELECT 1;\nSELECT nope FROM b;");
  write("V6__never.sql", "SELECT 1;");
  auto db = manager();
  const auto plan = Migrator{db}.plan();
  EXPECT_FALSE(plan.would_succeed());
  EXPECT_THAT(plan.problems, IsEmpty());
  EXPECT_EQ(plan.current_version, "V1");
  ASSERT_EQ(plan.steps.size(), 5U);
  const auto& second = plan.steps[0];
  EXPECT_TRUE(second.is_rehearsed && second.is_transactional);
  ASSERT_EQ(second.statements.size(), 4U);
  EXPECT_EQ(second.statements[2].text, "ALTER TABLE public.a ADD note text");
  EXPECT_EQ(second.statements[2].line, 3);
  EXPECT_THAT(locks_of(second.statements[0]), IsEmpty());
  EXPECT_THAT(locks_of(second.statements[2]), testing::Contains("public.a AccessExclusiveLock"));
  EXPECT_THAT(locks_of(second.statements[3]), testing::Contains("public.a RowExclusiveLock"));
  EXPECT_THAT(locks_of(plan.steps[1].statements[0]), testing::Contains("a ShareLock"));
  EXPECT_FALSE(plan.steps[2].is_rehearsed || plan.steps[2].is_transactional);
  EXPECT_THAT(plan.steps[2].note, HasSubstr("not be rehearsed"));
  ASSERT_TRUE(plan.steps[3].failure);
  EXPECT_EQ(plan.steps[3].failure->line, 2);
  EXPECT_THAT(plan.steps[3].failure->text, HasSubstr("V5__bad.sql:2:8: ERROR: column \"nope\""));
  EXPECT_FALSE(plan.steps[4].is_rehearsed);
  EXPECT_EQ(history(), "V1__a.sql");
  EXPECT_FALSE(has_table("b"));
  directory_.remove("V5__bad.sql");
  EXPECT_TRUE(Migrator{db}.plan().would_succeed());
  EXPECT_EQ(db.run_migrations().current_version, "V6");
  EXPECT_THAT(Migrator{db}.plan().steps, IsEmpty());
}

TEST_F(MigrationRehearsal, NeedsNoHistory) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  auto db = manager();
  const auto plan = Migrator{db}.plan();
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_THAT(locks_of(plan.steps[0].statements[0]), ElementsAre("a AccessExclusiveLock new"));
  EXPECT_FALSE(has_table("a") || has_table("schema_version"));
}

}  // namespace
}  // namespace flowdb::test_support
