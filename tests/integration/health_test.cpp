#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/migration/migration_fixture.hpp"
#include "integration/stopwatch.hpp"
#include "support/chaos_proxy.hpp"
#include "support/postgres_cluster.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;

class HealthOnServer : public testing::Test {
 protected:
  DatabaseOptions with_directory(DatabaseOptions options = {}) const {
    options.migrations_directory = directory_.path();
    return options;
  }

  test_support::TestDatabase database_;
  test_support::MigrationDirectory directory_;
};

TEST_F(HealthOnServer, IsHealthy_WhenTheServerAnswersAndNothingIsPending) {
  auto db = manager_for(database_, with_directory());
  const auto health = db.health_check();
  EXPECT_EQ(health.status, Health::healthy) << health.error.value_or("");
  const auto report = health.to_json();
  EXPECT_EQ(report["database_name"], "flow_db");
  EXPECT_EQ(report["database_type"], "postgresql");
  EXPECT_EQ(report["status"], "healthy");
  EXPECT_EQ(report["connection"], true);
  EXPECT_EQ(report["query_test"], true);
  EXPECT_TRUE(report["migration_status"]["current_version"].is_null());
  EXPECT_TRUE(report["migration_status"]["pending_migrations"].empty());
  EXPECT_TRUE(report["response_time_ms"].is_number());
  EXPECT_TRUE(report["error"].is_null());
  EXPECT_EQ(report["timestamp"].get<std::string>().back(), 'Z');
  EXPECT_EQ(report.size(), 9U);
}

TEST_F(HealthOnServer, IsDegraded_WhileMigrationsArePending) {
  directory_.write("V001__First.sql", "CREATE TABLE first (id int);");
  auto db = manager_for(database_, with_directory());
  auto health = db.health_check();
  EXPECT_EQ(health.status, Health::degraded);
  EXPECT_TRUE(health.query_test);
  ASSERT_TRUE(health.migration_status.has_value());
  EXPECT_EQ(health.migration_status->pending_migrations,
            std::vector<std::string>{"V001__First.sql"});
  EXPECT_NE(health.error.value_or("").find("run_migrations()"), std::string::npos);
  db.run_migrations();
  health = db.health_check();
  EXPECT_EQ(health.status, Health::healthy) << health.error.value_or("");
  EXPECT_EQ(health.migration_status->current_version, "V001");
}

TEST_F(HealthOnServer, IsDegradedAtOnce_WhenEveryConnectionIsInUse) {
  auto db = manager_for(database_, with_directory(one_connection()));
  {
    const auto stream = db.stream_query("SELECT generate_series(1, 1000000)");
    const Stopwatch stopwatch;
    const auto health = db.health_check();
    EXPECT_LE(stopwatch.elapsed(), 1s) << "it must not wait for a connection";
    EXPECT_EQ(health.status, Health::degraded);
    EXPECT_FALSE(health.query_test);
    EXPECT_FALSE(health.connection);
    EXPECT_NE(health.error.value_or("").find("active=1"), std::string::npos);
  }
  // Of one's own thread's transaction as well: the pool is exhausted, the call is not wrong.
  db.transaction([&](Transaction& tx) {
    tx.execute_query("SELECT 1");
    EXPECT_EQ(db.health_check().status, Health::degraded);
  });
}

TEST_F(HealthOnServer, IsDegraded_WhenTheServerIsSlow) {
  test_support::ChaosOptions slow;
  slow.to_client_delay = {60ms, 60ms};
  test_support::ChaosProxy proxy{database_.url(), slow};
  DatabaseOptions options;
  options.health_degraded_after = 50ms;
  auto db = manager_for(proxy.url(), with_directory(options));
  const auto health = db.health_check();
  EXPECT_EQ(health.status, Health::degraded);
  EXPECT_TRUE(health.query_test);
  EXPECT_GE(health.response_time_ms, 60);
  EXPECT_NE(health.error.value_or("").find("50 ms"), std::string::npos);
}

TEST_F(HealthOnServer, OfSeveralIsThatOfTheWorst) {
  directory_.write("V001__First.sql", "CREATE TABLE first (id int);");
  auto degraded = manager_for(database_, with_directory());
  const test_support::MigrationDirectory empty;
  auto healthy = manager_for(database_, {.migrations_directory = empty.path()});
  auto unhealthy = manager_for("postgresql://nobody@127.0.0.1:1/none?sslmode=disable");
  EXPECT_EQ(health_check_all({&healthy}).status, Health::healthy);
  EXPECT_EQ(health_check_all({&healthy, &degraded}).status, Health::degraded);
  const auto report = health_check_all({&degraded, &unhealthy, &healthy}).to_json();
  EXPECT_EQ(report["status"], "unhealthy");
  ASSERT_EQ(report["databases"].size(), 3U);
  EXPECT_EQ(report["databases"][0]["status"], "degraded");
  EXPECT_EQ(report["databases"][1]["status"], "unhealthy");
  EXPECT_EQ(report["databases"][1]["connection"], false);
  EXPECT_EQ(report["databases"][2]["status"], "healthy");
}

TEST(HealthTiming, IsUnhealthyInTime_WhenTheServerIsGoneOrSilent) {
  test_support::PostgresCluster cluster;
  test_support::ChaosProxy proxy{cluster.url()};
  DatabaseOptions options;
  options.health_timeout = 700ms;
  const test_support::MigrationDirectory directory;
  options.migrations_directory = directory.path();
  auto db = manager_for(proxy.url(), options);
  EXPECT_EQ(db.health_check().status, Health::healthy);
  proxy.stall();
  const Stopwatch silent;
  auto health = db.health_check();
  EXPECT_LE(silent.elapsed(), 700ms + grace);
  EXPECT_NE(health.status, Health::healthy);
  EXPECT_FALSE(health.query_test);
  EXPECT_TRUE(health.error.has_value());
  proxy.heal();
  cluster.stop();
  const Stopwatch gone;
  health = db.health_check();
  EXPECT_LE(gone.elapsed(), 700ms + grace);
  EXPECT_EQ(health.status, Health::unhealthy);
  EXPECT_FALSE(health.connection);
  EXPECT_TRUE(health.error.has_value());
  cluster.restart();
  EXPECT_EQ(db.health_check().status, Health::healthy);
}

}  // namespace
}  // namespace flowdb::test
