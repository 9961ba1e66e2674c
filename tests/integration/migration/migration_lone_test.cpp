// Scripts whose statements cannot run in a transaction: one by one, and on from where it stopped.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/migrator.hpp>

#include "integration/migration/migration_fixture.hpp"
#include "integration/migration/migration_process.hpp"
#include "support/observer.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test_support {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class MigrationLone : public MigrationTest {
 protected:
  void SetUp() override {
    write("V1__t.sql",
          "CREATE TABLE t (a int, b int, c int);\nINSERT INTO t VALUES (1, 1, 1), (1, 2, 3);");
    run();
  }

  /// How often the server has begun the statement that builds the index, by its filenode's number
  /// when it exists: an index that was built twice would have another.
  std::string index_id(const std::string& name) {
    return scalar("SELECT coalesce((SELECT oid::text FROM pg_class WHERE relname = '" + name +
                  "'), 'none')");
  }
  std::string progress() {
    return scalar(
        "SELECT coalesce(string_agg(statement || ':' || state, ' ' ORDER BY statement), '')"
        " FROM schema_version_progress");
  }
  std::string failed() { return scalar("SELECT count(*) FROM schema_version WHERE NOT success"); }
  std::string locks() {
    return scalar(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())");
  }
};

TEST_F(MigrationLone, RunsStatementsOneByOne) {
  write("V2__lone.sql",
        "SET maintenance_work_mem = '8MB';\nCREATE INDEX CONCURRENTLY t_a ON t (a);\nVACUUM t;\n"
        "CREATE INDEX CONCURRENTLY ON t (b);\nREINDEX TABLE CONCURRENTLY t;\n");
  write("V3__next.sql", "CREATE TABLE n AS SELECT current_setting('maintenance_work_mem') AS m;");
  const auto report = run();
  EXPECT_EQ(report.current_version, "V3");
  EXPECT_EQ(scalar("SELECT string_agg(version || ':' || success, ' ' ORDER BY installed_rank) FROM"
                   " schema_version"),
            "1:true 2:true 3:true");
  EXPECT_EQ(scalar("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid"),
            "2");
  EXPECT_EQ(scalar("SELECT m FROM n"), scalar("SHOW maintenance_work_mem"));
  EXPECT_EQ(progress(), "");
  EXPECT_EQ(locks(), "0");
}

TEST_F(MigrationLone, GoesOnWithTheStatementThatFailed) {
  write("V2__lone.sql",
        "CREATE INDEX CONCURRENTLY t_b ON t (b);\n"
        "CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);\nCREATE INDEX CONCURRENTLY t_c ON t (c);");
  const auto error = failure();
  EXPECT_EQ(error.line(), 2);
  EXPECT_THAT(
      error.what(),
      AllOf(HasSubstr("V2__lone.sql:2:1: ERROR: could not create unique index \"t_a\""),
            HasSubstr("The index t_a is INVALID; if a statement of this script has left it, "
                      "remove it: DROP INDEX CONCURRENTLY t_a;"),
            HasSubstr("they go on here")));
  EXPECT_EQ(progress(), "1:done 2:failed");
  EXPECT_EQ(locks(), "0");
  const auto built = index_id("t_b");
  auto db = manager();
  EXPECT_STREQ(to_string(Migrator{db}.info().migrations.at(1).state), "Interrupted");
  EXPECT_TRUE(Migrator{db}.repair().changes.empty());

  EXPECT_THAT(failure().what(),
              HasSubstr("An attempt has left the index t_a INVALID. Remove it, and "
                        "run the migrations again: DROP INDEX CONCURRENTLY t_a;"));
  database_.exec("DROP INDEX CONCURRENTLY t_a");
  // What was carried out may not be changed, what follows may.
  write("V2__lone.sql",
        "CREATE INDEX CONCURRENTLY t_b ON t (b, c);\nCREATE INDEX CONCURRENTLY t_a ON t (a);");
  EXPECT_THAT(
      failure().what(),
      HasSubstr("V2__lone.sql:1:1: statement 1 of this script was carried out, or begun, with "
                "another text"));
  write("V2__lone.sql",
        "-- not unique after all\nCREATE INDEX CONCURRENTLY t_b ON t (b);\n"
        "CREATE INDEX CONCURRENTLY t_a ON t (a);");
  EXPECT_EQ(run().current_version, "V2");
  EXPECT_EQ(index_id("t_b"), built);
  EXPECT_EQ(failed(), "0");
  EXPECT_EQ(progress(), "");
}

TEST_F(MigrationLone, ForgetsAScriptWhosePrefixWasEdited_WhenRepaired) {
  write("V2__lone.sql", "VACUUM t;\nVACUUM nowhere;");
  failure();
  write("V2__lone.sql", "VACUUM t;\nVACUUM (ANALYZE) t;");
  auto db = manager();
  EXPECT_TRUE(Migrator{db}.repair().changes.empty()) << "it can go on";
  write("V2__lone.sql", "VACUUM (ANALYZE) t;\nVACUUM t;");
  ASSERT_EQ(Migrator{db}.repair().changes.size(), 1U);
  EXPECT_EQ(failed(), "0");
  EXPECT_EQ(progress(), "");
  EXPECT_EQ(run().current_version, "V2");
}

/// A process may end before a statement was sent, while it runs, or before it is recorded.
TEST_F(MigrationLone, LooksWhatBecameOfTheStatementThatWasUnderWay) {
  write("V2__lone.sql", "CREATE INDEX CONCURRENTLY t_a ON t (a);\nVACUUM nowhere;");
  failure();
  for (const bool was_carried_out : {true, false}) {
    SCOPED_TRACE(was_carried_out);
    const auto before = index_id("t_a");
    if (!was_carried_out) database_.exec("DROP INDEX t_a");
    database_.exec(
        "DELETE FROM schema_version_progress WHERE statement = 2;"
        " UPDATE schema_version_progress SET state = 'started'");
    failure();
    EXPECT_EQ(progress(), "1:done 2:failed");
    EXPECT_EQ(index_id("t_a") == before, was_carried_out);
  }
  database_.exec(
      "DELETE FROM schema_version_progress WHERE statement = 2;"
      " UPDATE schema_version_progress SET state = 'started';"
      " UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass");
  EXPECT_THAT(failure().what(), HasSubstr("An attempt has left the index t_a INVALID"));
}

TEST_F(MigrationLone, AsksWhereLookingDoesNotTell) {
  write("V2__lone.sql", "CREATE INDEX CONCURRENTLY ON t (a);\nVACUUM nowhere;");
  failure();
  database_.exec(
      "DELETE FROM schema_version_progress WHERE statement = 2;"
      " UPDATE schema_version_progress SET state = 'started'");
  const auto error = failure();
  EXPECT_EQ(error.line(), 1);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("nobody knows whether it was carried out"),
                                  HasSubstr("MigrationOptions::interrupted_statement")));
  write("V2__lone.sql", "CREATE INDEX CONCURRENTLY ON t (a);\nVACUUM t;");
  MigrationOptions options;
  options.interrupted_statement = InterruptedStatement::skip;
  auto db = manager();
  EXPECT_EQ(Migrator(db, options).migrate().current_version, "V2");
  EXPECT_EQ(scalar("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass"), "1");
}

/// The statement after each of the first k waits for a lock of the observer's; there the runner is
/// killed.
TEST_F(MigrationLone, GoesOnBehindTheLastStatement_WhenItsRunnerIsKilledAfterAnyOfSix) {
  std::string script;
  for (int number = 1; number <= 6; ++number) {
    database_.exec("CREATE TABLE x" + std::to_string(number) + " (a int)");
    script += "CREATE INDEX CONCURRENTLY i" + std::to_string(number) + " ON x" +
              std::to_string(number) + " (a);\n";
  }
  write("V2__lone.sql", script);
  std::vector<std::string> ids(7);
  for (int number = 1; number <= 6; ++number) {
    SCOPED_TRACE(number);
    Observer holder{database_.url()};
    holder.exec("BEGIN; LOCK TABLE x" + std::to_string(number) + " IN ROW EXCLUSIVE MODE");
    StartLine start;
    MigrationProcess runner{database_.url(), directory_.path(), start};
    start.release();
    ASSERT_TRUE(wait_until(
        [&] {
          return scalar(
                     "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                     " AND wait_event_type = 'Lock' AND query LIKE '%INDEX CONCURRENTLY i" +
                     std::to_string(number) + "%'") == "1";
        },
        std::chrono::seconds{60}));
    runner.kill();
    runner.wait();
    EXPECT_EQ(scalar("SELECT count(*) FROM schema_version_progress WHERE state = 'done'"),
              std::to_string(number - 1));
    for (int built = 1; built < number; ++built) {
      const auto id = index_id("i" + std::to_string(built));
      if (ids[static_cast<std::size_t>(built)].empty()) ids[static_cast<std::size_t>(built)] = id;
      EXPECT_EQ(id, ids[static_cast<std::size_t>(built)]) << "built twice: " << built;
    }
    // The server ends the statement when it notices, and has it left an index, it is invalid.
    ASSERT_TRUE(wait_until([&] { return locks() == "0"; }, std::chrono::seconds{30}));
    holder.exec("ROLLBACK");
    const auto name = "i" + std::to_string(number);
    if (index_id(name) != "none") {
      EXPECT_THAT(failure().what(), HasSubstr("DROP INDEX CONCURRENTLY " + name + ";"));
      database_.exec("DROP INDEX CONCURRENTLY " + name);
    }
  }
  EXPECT_EQ(run().current_version, "V2");
  EXPECT_EQ(scalar("SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid::regclass::text"
                   " ~ '^i[1-6]$'"),
            "6");
}

TEST_F(MigrationLone, BuildsAnIndexConcurrently_WhileThirtyTwoOthersWait) {
  write("V2__lone.sql", "CREATE INDEX CONCURRENTLY t_a ON t (a);");
  write("V3__next.sql", "CREATE TABLE n (id int);");
  std::vector<std::unique_ptr<MigrationProcess>> processes;
  StartLine start;
  for (int number = 0; number < 32; ++number) {
    processes.push_back(
        std::make_unique<MigrationProcess>(database_.url(), directory_.path(), start));
  }
  start.release();
  for (auto& process : processes) EXPECT_EQ(process->wait(), 0);
  EXPECT_EQ(history(), "V1__t.sql,V2__lone.sql,V3__next.sql");
  EXPECT_EQ(failed(), "0");
  EXPECT_EQ(locks(), "0");
}

}  // namespace
}  // namespace flowdb::test_support
