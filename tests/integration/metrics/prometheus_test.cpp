#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <flowdb/error.hpp>
#include <flowdb/metrics.hpp>
#include <flowdb/prometheus.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/metric_finder.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

struct ToolAnswer {
  int exit_code = -1;
  std::vector<std::string> lines;
};

/// Runs `promtool check metrics` on the text.
ToolAnswer promtool(const std::string& text) {
  const test_support::TemporaryDirectory directory{"promtool"};
  const auto file = directory.path() / "metrics.txt";
  std::ofstream{file} << text;
  ToolAnswer answer;
  FILE* const pipe = popen(("promtool check metrics < " + file.string() + " 2>&1").c_str(), "r");
  std::array<char, 512> line{};
  while (pipe != nullptr && fgets(line.data(), line.size(), pipe) != nullptr) {
    answer.lines.emplace_back(line.data());
  }
  const int status = pclose(pipe);
  answer.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

class PrometheusText : public testing::Test {
 protected:
  PrometheusText() { database_.exec("CREATE TABLE t (id int PRIMARY KEY, note text)"); }

  /// Every kind of call, some of which fail.
  void work(int round) {
    db_.execute_query("INSERT INTO t VALUES (:id, 'x')", {{"id", round}});
    thrown_by<ConstraintError>([&] {
      db_.execute_query("INSERT INTO t VALUES (:id)", {{"id", round}});
    });
    thrown_by<TimeoutError>(
        [&] { db_.execute_query_with_timeout("SELECT pg_sleep(5)", {}, 300ms); });
    db_.transaction([](Transaction& tx) { tx.execute_query("SELECT count(*) FROM t"); });
    db_.bulk_insert("t", {"id", "note"}, {{round + 1000, "y"}, {round + 2000, "z"}});
    for (const auto& row : db_.stream_query("SELECT * FROM t")) static_cast<void>(row);
    db_.health_check();
  }

  test_support::TestDatabase database_;
  DatabaseManager db_{manager_for(database_, {.pool_size = 2, .max_overflow = 2})};
};

TEST_F(PrometheusText, IsReadByPrometheus_FromAProgramUnderLoad) {
  const GaugeRegistration gauge{"queue_length",
                                "Jobs that \"wait\"\n\\ for long",
                                [] { return 0.1; },
                                {{"queue", "a \"b\"\n\\ ü"}}};
  std::atomic<bool> is_over{false};
  std::atomic<int> round{0};
  std::vector<std::thread> flows;
  for (int i = 0; i < 4; ++i) {
    flows.emplace_back([&] {
      while (!is_over) work(++round);
    });
  }
  double former = 0;
  while (round < 12) {
    const double now = test_support::MetricFinder{}.value(
        "flowdb_operation_errors_total",
        {{"db_namespace", "flow_db"}, {"db_system_name", "postgresql"}, {"error_type", "timeout"}});
    EXPECT_GE(now, former);
    former = now;
  }
  const auto text = prometheus_text();
  is_over = true;
  for (auto& flow : flows) flow.join();

  const auto answer = promtool(text);
  // Prometheus's linter thinks that _count is for histograms; OpenTelemetry named it so all the
  // same.
  EXPECT_THAT(answer.lines,
              testing::ElementsAre(testing::AllOf(HasSubstr("db_client_connection_count"),
                                                  HasSubstr("\"_count\" suffix"))));
  EXPECT_EQ(answer.exit_code, 3) << "its code for remarks on what it could read";
  EXPECT_THAT(text, HasSubstr("queue_length{queue=\"a \\\"b\\\"\\n\\\\ ü\"} 0.1"));
  EXPECT_THAT(text, Not(HasSubstr("pg_sleep"))) << "no statement, and no value";
  EXPECT_THAT(text, HasSubstr("error_type=\"timeout\""));
  EXPECT_THAT(text, HasSubstr("error_type=\"constraint_violation\""));
}

TEST_F(PrometheusText, WouldNotBeRead_WereItBroken) {
  EXPECT_EQ(promtool("flowdb_rows{a=\"1} 2\n").exit_code, 1);
}

TEST_F(PrometheusText, HoldsWhatIsCollected) {
  work(0);
  const auto families = PrometheusCollectable{}.Collect();
  std::set<std::string> names;
  for (const auto& family : families) names.insert(family.name);
  std::set<std::string> expected;
  for (const auto& family : collect_metrics()) expected.insert(family.name);
  EXPECT_EQ(names, expected);
  for (const auto& family : families) {
    if (family.name != "db_client_connection_create_time_seconds") continue;
    EXPECT_EQ(family.type, ::prometheus::MetricType::Histogram);
    for (const auto& metric : family.metric) {
      EXPECT_EQ(metric.histogram.bucket.back().cumulative_count, metric.histogram.sample_count);
    }
  }
}

TEST_F(PrometheusText, TellsOfMigrationsThatWereLookedAt) {
  const test_support::TemporaryDirectory directory{"migrations"};
  std::ofstream{directory.path() / "V001__Create_a.sql"} << "CREATE TABLE a (id int);";
  std::ofstream{directory.path() / "V002__Create_b.sql"} << "CREATE TABLE b (id int);";
  DatabaseOptions options = one_connection();
  options.migrations.emplace().directory = directory.path();
  const test_support::TestDatabase empty;
  auto db = manager_for(empty, options);
  const test_support::LabelList labels{{"db_namespace", "flow_db"},
                                       {"db_system_name", "postgresql"}};
  const auto pending = [&] {
    return test_support::MetricFinder{}.value("flowdb_migrations_pending", labels);
  };
  db.get_migration_status();
  EXPECT_EQ(pending(), 2);
  db.run_migrations();
  EXPECT_EQ(pending(), 0);
  auto with_version = labels;
  with_version.emplace_back("version", "V002");
  EXPECT_EQ(test_support::MetricFinder{}.value("flowdb_migration_version_info", with_version), 1);
}

}  // namespace
}  // namespace flowdb::test
