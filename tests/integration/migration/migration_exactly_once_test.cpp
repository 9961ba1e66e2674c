// Many runners, killed runners, and what a run costs when there is nothing to do.
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/migration/migration_fixture.hpp"
#include "integration/migration/migration_process.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test_support {
namespace {

using testing::AnyOf;
using testing::Each;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr int kProcessCount = 8;
constexpr int kMigrationCount = 6;

/// How often `piece` stands in `text`.
int occurrences(const std::string& text, const std::string& piece) {
  int count = 0;
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++count;
  return count;
}

/// The statements that a server with log_statement = all has logged: one for each message that
/// reached it. Empty ones (a ping) are left out.
std::vector<std::string> logged_statements(const std::string& log) {
  std::vector<std::string> statements;
  std::istringstream lines{log};
  for (std::string line; std::getline(lines, line);) {
    for (const std::string mark : {"LOG:  statement: ", "LOG:  execute <unnamed>: "}) {
      const auto at = line.find(mark);
      if (at != std::string::npos && at + mark.size() < line.size()) {
        statements.push_back(line.substr(at + mark.size()));
      }
    }
  }
  return statements;
}

void write_probes(const MigrationDirectory& directory) {
  for (int number = 1; number <= kMigrationCount; ++number) {
    const auto table = "probe_" + std::to_string(number);
    directory.write("V" + std::to_string(number) + "__" + table + ".sql",
                    "CREATE TABLE " + table + " (id int);\nINSERT INTO " + table +
                        " VALUES (1);\nSELECT pg_sleep(0.02);\n");
  }
}

TEST(MigrationExactlyOnce, RunsEachMigrationOnce_WhenEightProcessesStartTogether) {
  PostgresCluster cluster{"log_statement = ddl"};
  MigrationDirectory directory;
  write_probes(directory);
  std::vector<std::unique_ptr<MigrationProcess>> processes;
  StartLine start;
  for (int number = 0; number < kProcessCount; ++number) {
    processes.push_back(std::make_unique<MigrationProcess>(cluster.url(), directory.path(), start));
  }
  start.release();
  for (auto& process : processes) EXPECT_EQ(process->wait(), 0);

  Observer observer{cluster.url()};
  const auto log = cluster.log();
  EXPECT_EQ(occurrences(log, "CREATE TABLE public.schema_version"), 1);
  for (int number = 1; number <= kMigrationCount; ++number) {
    const auto table = "probe_" + std::to_string(number);
    EXPECT_EQ(occurrences(log, "CREATE TABLE " + table), 1) << table;
    EXPECT_EQ(observer.scalar("SELECT count(*) FROM " + table), "1") << table;
  }
  EXPECT_EQ(observer.scalar("SELECT string_agg(concat(version, ':', installed_rank, ':',"
                            " version_rank), ' ' ORDER BY installed_rank) FROM schema_version"),
            "1:1:1 2:2:2 3:3:3 4:4:4 5:5:5 6:6:6");
  EXPECT_EQ(observer.scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
}

TEST(MigrationExactlyOnce, TakesThreeRoundTripsAndNoWrite_WhenNothingIsPending) {
  PostgresCluster cluster{"log_statement = all"};
  MigrationDirectory directory;
  write_probes(directory);
  auto manager = make_manager(cluster.url(), directory.path());
  EXPECT_THAT(manager.run_migrations().applied, SizeIs(kMigrationCount));
  for (const bool is_run : {true, false}) {
    manager.execute_query("SELECT 'settled'");
    const auto before = cluster.log().size();
    if (is_run) {
      EXPECT_THAT(manager.run_migrations().applied, IsEmpty());
    } else {
      EXPECT_EQ(manager.get_migration_status().current_version, "V6");
    }
    const auto statements = logged_statements(cluster.log().substr(before));
    EXPECT_THAT(statements, Not(IsEmpty()));
    EXPECT_LE(statements.size(), 3U) << testing::PrintToString(statements);
    EXPECT_THAT(statements, Each(AnyOf(StartsWith("SELECT "), StartsWith("SET "))));
    EXPECT_EQ(occurrences(cluster.log().substr(before), "advisory"), 0);
  }
}

TEST_F(MigrationTest, CompletesWhatAKilledRunnerHasBegun) {
  write("V1__a.sql", "CREATE TABLE a (id int);");
  write("V2__b.sql", "CREATE TABLE b (id int);\nSELECT pg_sleep(seconds) FROM observer.delay;");
  database_.exec("CREATE SCHEMA observer; CREATE TABLE observer.delay AS SELECT 60 AS seconds");
  StartLine start;
  MigrationProcess runner{database_.url(), directory_.path(), start};
  start.release();
  ASSERT_TRUE(wait_until(
      [&] {
        return scalar(
                   "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND datname ="
                   " current_database() AND query LIKE 'SELECT pg_sleep(%'") == "1";
      },
      std::chrono::seconds{60}));
  runner.kill();
  EXPECT_EQ(runner.wait(), 128 + 9);
  EXPECT_EQ(history(), "V1__a.sql");

  database_.exec("DELETE FROM observer.delay");
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(run().current_version, "V2");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{20});
  EXPECT_EQ(history(), "V1__a.sql,V2__b.sql");
  EXPECT_TRUE(has_table("b"));
}

TEST_F(MigrationTest, WaitsForARunnerElsewhere) {
  write("V1__a.sql", "CREATE TABLE a (id int);\nSELECT pg_sleep(seconds) FROM observer.delay;");
  database_.exec("CREATE SCHEMA observer; CREATE TABLE observer.delay AS SELECT 1.0 AS seconds");
  StartLine start;
  MigrationProcess elsewhere{database_.url(), directory_.path(), start};
  start.release();
  ASSERT_TRUE(wait_until(
      [&] {
        return scalar(
                   "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                   " (SELECT oid FROM pg_database WHERE datname = current_database())") == "1";
      },
      std::chrono::seconds{60}));
  const auto report = run();
  EXPECT_THAT(report.applied, IsEmpty());
  EXPECT_EQ(report.current_version, "V1");
  EXPECT_EQ(elsewhere.wait(), 0);
  EXPECT_EQ(history(), "V1__a.sql");
}

}  // namespace
}  // namespace flowdb::test_support
