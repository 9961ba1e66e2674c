#include <chrono>
#include <cmath>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/metrics.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "core/process_identity.hpp"
#include "metrics/descriptions.hpp"
#include "metrics/registry.hpp"
#include "support/metric_finder.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;
using test_support::LabelList;
using test_support::MetricFinder;
using testing::MockDatabaseManager;

const std::string kDurations = "db_client_operation_duration_seconds";

LabelList pool(const std::string& name) {
  return {{"db_client_connection_pool_name", name}};
}
LabelList operation(const std::string& database, const std::string& name) {
  return {{"db_namespace", database}, {"db_operation_name", name}};
}
LabelList failure(const std::string& database, const std::string& name, const std::string& type) {
  auto labels = operation(database, name);
  labels.emplace_back("error_type", type);
  return labels;
}
LabelList error(const std::string& database, const std::string& type) {
  return {{"db_namespace", database}, {"error_type", type}};
}
/// Those that succeeded: the ones without an error_type.
std::uint64_t successes(const MetricFinder& found, const std::string& database,
                        const std::string& name) {
  for (const auto& metric : found.all(kDurations, operation(database, name))) {
    if (metric.labels.size() == 3) return metric.count;
  }
  throw std::runtime_error("no successes");
}

TEST(CollectMetrics, CountsOperationsByNameAndOutcome_WithRowsAndRetries) {
  MockDatabaseManager db{"metrics_outcomes",
                         {.slow_statement = 1ms, .retry = {{.min_wait = {}, .max_wait = {}}}}};
  db.when("SELECT 2").returns(testing::make_rows({"n"}, {{1}, {2}}));
  db.when("SELECT again").disconnects_before().affects(0);
  db.when("SELECT slow").delayed_by(5ms).affects(0);
  db.when("INSERT").fails_with(ConstraintError{"taken", {.sqlstate = "23505"}});
  db.when("UPDATE").fails_with(QueryError{"deadlock", {.sqlstate = "40P01", .transient = true}});
  for (int i = 0; i < 3; ++i) db.execute_query("SELECT 2");
  db.execute_query_with_retry("SELECT again");
  db.execute_query("SELECT slow");
  EXPECT_THROW(db.execute_query("INSERT"), ConstraintError);
  EXPECT_THROW(db.execute_query("UPDATE"), QueryError);
  EXPECT_THROW(db.execute_query("SELECT :missing"), InvalidArgument);
  EXPECT_THROW(db.transaction([](Transaction&) { throw std::runtime_error{"mine"}; }),
               std::runtime_error);

  const MetricFinder found;
  EXPECT_EQ(successes(found, "metrics_outcomes", "execute_query"), 4U);
  EXPECT_EQ(
      found.value("flowdb_operation_rows_total", operation("metrics_outcomes", "execute_query")),
      6);
  EXPECT_EQ(successes(found, "metrics_outcomes", "execute_query_with_retry"), 1U);
  EXPECT_EQ(found.value("flowdb_operation_retries_total",
                        operation("metrics_outcomes", "execute_query_with_retry")),
            1);
  EXPECT_GE(
      found.value("flowdb_slow_operations_total", operation("metrics_outcomes", "execute_query")),
      1);
  const auto failures = [&](const std::string& name, const std::string& type) {
    return found.one(kDurations, failure("metrics_outcomes", name, type)).count;
  };
  EXPECT_EQ(failures("execute_query_with_retry", "connection_failed"), 1U);
  EXPECT_EQ(failures("execute_query", "constraint_violation"), 1U);
  EXPECT_EQ(failures("execute_query", "conflict"), 1U);
  EXPECT_EQ(failures("execute_query", "invalid_argument"), 1U);
  EXPECT_EQ(failures("transaction", "exception_of_the_caller"), 1U);
  EXPECT_EQ(found.value("flowdb_operation_errors_total", error("metrics_outcomes", "conflict")), 1);
  EXPECT_EQ(found.value("flowdb_operation_errors_total", error("metrics_outcomes", "timeout")), 0)
      << "each kind is there before the first one, or its increase could not be seen";
}

TEST(CollectMetrics, GivesHistogramsInCumulativeBucketsUpToInfinity) {
  MockDatabaseManager db{"metrics_buckets"};
  db.when("SELECT slow").delayed_by(20ms).affects(0);
  db.execute_query("SELECT slow");
  db.execute_query("SELECT 1");
  const MetricFinder found;
  const auto metric = found.one(kDurations, operation("metrics_buckets", "execute_query"));
  std::uint64_t former = 0;
  double bound = 0;
  for (const auto& bucket : metric.buckets) {
    EXPECT_GE(bucket.cumulative_count, former);
    EXPECT_GT(bucket.upper_bound, bound);
    if (bucket.upper_bound <= 0.01) {
      EXPECT_LE(bucket.cumulative_count, 1U) << bucket.upper_bound;
    }
    former = bucket.cumulative_count;
    bound = bucket.upper_bound;
  }
  EXPECT_TRUE(std::isinf(bound));
  EXPECT_EQ(former, 2U);
  EXPECT_EQ(metric.count, 2U);
  EXPECT_GE(metric.sum, 0.02);
}

TEST(CollectMetrics, ReadsPoolsThatLive_AndForgetsNothingOfThoseThatHaveGone) {
  const auto use = [](MockDatabaseManager& db) { db.execute_query("SELECT 1"); };
  const auto count_of = [](const std::string& name) {
    return MetricFinder{}.one(name, pool("metrics_pools")).count;
  };
  {
    MockDatabaseManager first{"metrics_pools", {.pool_size = 2, .max_overflow = 1}};
    MockDatabaseManager second{"metrics_pools", {.pool_size = 3, .max_overflow = 0}};
    use(first);
    use(second);
    second.transaction([&](Transaction&) {
      const MetricFinder found;
      const auto in_state = [&](const std::string& state) {
        auto labels = pool("metrics_pools");
        labels.emplace_back("db_client_connection_state", state);
        return found.value("db_client_connection_count", labels);
      };
      EXPECT_EQ(in_state("used"), 1);
      EXPECT_EQ(in_state("idle"), 1);
      EXPECT_EQ(found.value("db_client_connection_max", pool("metrics_pools")), 6);
      EXPECT_EQ(found.value("db_client_connection_idle_max", pool("metrics_pools")), 5);
      EXPECT_EQ(found.value("db_client_connection_pending_requests", pool("metrics_pools")), 0);
    });
    EXPECT_EQ(count_of("db_client_connection_wait_time_seconds"), 3U);
    EXPECT_EQ(count_of("db_client_connection_create_time_seconds"), 2U);
  }
  EXPECT_TRUE(MetricFinder{}.all("db_client_connection_count", pool("metrics_pools")).empty());
  EXPECT_EQ(count_of("db_client_connection_use_time_seconds"), 3U);
  MockDatabaseManager third{"metrics_pools"};
  use(third);
  EXPECT_EQ(count_of("db_client_connection_use_time_seconds"), 4U);
  EXPECT_EQ(count_of("db_client_connection_create_time_seconds"), 3U);
  EXPECT_EQ(successes(MetricFinder{}, "metrics_pools", "execute_query"), 3U);
}

TEST(CollectMetrics, CountsTimeoutsAndFailuresToConnect) {
  MockDatabaseManager db{"metrics_timeouts",
                         {.pool_size = 1, .max_overflow = 0, .acquire_timeout = 10ms}};
  db.refuse_connections(1);
  EXPECT_THROW(db.execute_query("SELECT 1"), ConnectionError);
  db.transaction([&](Transaction&) {
    std::thread{[&] { EXPECT_THROW(db.execute_query("SELECT 1"), PoolTimeoutError); }}.join();
  });
  const MetricFinder found;
  EXPECT_EQ(found.value("db_client_connection_timeouts_total", pool("metrics_timeouts")), 1);
  auto labels = pool("metrics_timeouts");
  labels.emplace_back("error_type", "connection_failed");
  EXPECT_EQ(found.value("flowdb_connection_failures_total", labels), 1);
  EXPECT_EQ(
      found.one(kDurations, failure("metrics_timeouts", "execute_query", "pool_timeout")).count,
      1U);
}

TEST(CollectMetrics, TellsWhatTheLatestHealthCheckFound) {
  MockDatabaseManager db{"metrics_health"};
  const LabelList labels{{"db_namespace", "metrics_health"}};
  EXPECT_TRUE(MetricFinder{}.all("flowdb_health_status", labels).empty());
  const auto status = [&](const std::string& word) {
    auto with_status = labels;
    with_status.emplace_back("status", word);
    return MetricFinder{}.value("flowdb_health_status", with_status);
  };
  db.health_check();
  EXPECT_EQ(status("healthy"), 1);
  EXPECT_EQ(status("unhealthy"), 0);
  db.dispose();
  db.refuse_connections(1);
  db.health_check();
  EXPECT_EQ(status("healthy"), 0);
  EXPECT_EQ(status("unhealthy"), 1);
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  EXPECT_NEAR(MetricFinder{}.value("flowdb_health_check_timestamp_seconds", labels), now.count(),
              60);
}

TEST(CollectMetrics, CountsEveryCallOfManyThreads) {
  auto& database =
      metrics::Registry::of_this_process().database("metrics_threads", DatabaseType::mock);
  constexpr int kThreads = 8;
  constexpr int kCalls = 2000;
  std::vector<std::thread> running;
  for (int thread = 0; thread < kThreads; ++thread) {
    running.emplace_back([&database] {
      for (int i = 0; i < kCalls; ++i) {
        // A name of its own for every call in turn, so that they also race for the table's slots.
        const auto name = "operation_" + std::to_string(i % 20);
        database.operations().of(name).record({.duration = 1us, .rows = 2});
      }
    });
  }
  for (auto& thread : running) thread.join();
  const MetricFinder found;
  for (int i = 0; i < 20; ++i) {
    const auto name = "operation_" + std::to_string(i);
    EXPECT_EQ(successes(found, "metrics_threads", name), kThreads * kCalls / 20) << name;
    EXPECT_EQ(found.value("flowdb_operation_rows_total", operation("metrics_threads", name)),
              kThreads * kCalls / 20 * 2);
  }
}

TEST(CollectMetrics, TakesWhatFindsNoPlaceTogether) {
  auto& database =
      metrics::Registry::of_this_process().database("metrics_places", DatabaseType::mock);
  for (int i = 0; i < 100; ++i) {
    database.operations().of("operation_" + std::to_string(i)).record({});
  }
  const auto operations = database.operations().all();
  EXPECT_EQ(operations.size(), 65U);
  EXPECT_EQ(successes(MetricFinder{}, "metrics_places", "other"), 36U);
}

TEST(CollectMetrics, TellsOfTheProcess) {
  const MetricFinder found;
  EXPECT_EQ(found.all("flowdb_build_info").size(), 1U);
  EXPECT_GT(found.value("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(found.value("process_virtual_memory_bytes"),
            found.value("process_resident_memory_bytes"));
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  EXPECT_NEAR(found.value("process_start_time_seconds"), now.count(), 3600 * 3);
  EXPECT_LE(found.value("process_start_time_seconds"), now.count() + 1);
  const int descriptor = dup(0);
  EXPECT_EQ(MetricFinder{}.value("process_open_fds"), found.value("process_open_fds") + 1);
  close(descriptor);
  volatile double work = 0;
  const auto cpu = found.value("process_cpu_seconds_total");
  while (MetricFinder{}.value("process_cpu_seconds_total") == cpu) {
    for (int i = 0; i < 100'000; ++i) work = work + std::sqrt(i);
  }
}

TEST(CollectMetrics, GivesOnlyWhatIsDescribed_EachFamilyOnce) {
  MockDatabaseManager db{"metrics_described"};
  db.health_check();
  std::set<std::string> described;
  for (const auto* description : metrics::kDescriptions) described.insert(description->name);
  EXPECT_EQ(described.size(), metrics::kDescriptions.size());
  std::set<std::string> names;
  for (const auto& family : collect_metrics()) {
    EXPECT_TRUE(described.contains(family.name)) << family.name;
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_FALSE(family.help.empty()) << family.name;
    EXPECT_FALSE(family.metrics.empty()) << family.name;
  }
}

TEST(CollectMetrics, BeginsAnewInAChildProcess) {
  MockDatabaseManager db{"metrics_fork"};
  db.execute_query("SELECT 1");
  const GaugeRegistration gauge{"parents_gauge", "", [] { return 1.0; }};
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const MetricFinder found;
    const bool is_empty = found.all(kDurations).empty() && found.all("parents_gauge").empty() &&
                          found.all("flowdb_build_info").size() == 1;
    const GaugeRegistration own{"parents_gauge", "", [] { return 2.0; }};
    const bool has_own = MetricFinder{}.value("parents_gauge") == 2.0;
    _exit(is_empty && has_own ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(MetricFinder{}.value("parents_gauge"), 1.0);
}

}  // namespace
}  // namespace flowdb
