#include <chrono>
#include <memory>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/reports.hpp>

namespace flowdb {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::chrono::system_clock::time_point kMoment{1'705'314'600s};

TEST(ReportJson, ShowsThePool) {
  PoolStatus status;
  status.database_name = "rpa_db";
  status.pool_size = 5;
  status.max_overflow = 10;
  status.checked_in = 2;
  status.checked_out = 4;
  status.overflow = 1;
  status.invalid = 1;
  status.total_connections = 7;
  status.max_connections = 15;
  status.opening = 1;
  status.utilization_percent = 400.0 / 15;
  status.waiting = 3;
  status.acquire_time_ms = {0.5, 1, 2, 3};
  status.timestamp = kMoment;
  EXPECT_EQ(status.to_json(), json::parse(R"({
    "database_name": "rpa_db", "pool_size": 5, "max_overflow": 10, "checked_in": 2,
    "checked_out": 4, "overflow": 1, "invalid": 1, "total_connections": 7, "max_connections": 15,
    "utilization_percent": 26.67, "opening": 1, "waiting": 3,
    "is_circuit_open": false, "last_connect_error": null,
    "acquire_time_ms": {"p50": 0.5, "p95": 1.0, "p99": 2.0, "max": 3.0},
    "held_time_ms": {"p50": 0.0, "p95": 0.0, "p99": 0.0, "max": 0.0},
    "timestamp": "2024-01-15T10:30:00.000000Z"})"));
}

TEST(ReportJson, ShowsTheReplica_WhereThereIsOne) {
  PoolStatus replica;
  replica.database_name = "rpa_db/replica";
  replica.checked_in = 3;
  PoolStatus status;
  EXPECT_FALSE(status.to_json().contains("replica"));
  status.replica = std::make_shared<const PoolStatus>(replica);
  auto document = replica.to_json();
  document["lag_ms"] = nullptr;
  EXPECT_EQ(status.to_json().at("replica"), document);
  replica.lag = 250ms;
  status.replica = std::make_shared<const PoolStatus>(replica);
  EXPECT_EQ(status.to_json().at("replica").at("lag_ms"), 250);

  HealthStatus health;
  EXPECT_FALSE(health.to_json().contains("replica"));
  health.replica = {true, false, 250ms, "refused"};
  EXPECT_EQ(health.to_json().at("replica"), json::parse(R"({
    "connection": true, "query_test": false, "lag_ms": 250, "error": "refused"})"));
}

TEST(ReportJson, ShowsWhoHoldsConnections) {
  const ConnectionHolder holder{"transaction", "rpa1/load.cpp:42",  "rpa1/load", 7, 12'345ms,
                                true,          "UPDATE t SET a = ?"};
  const auto document = json::parse(R"({
    "operation": "transaction", "call_site": "rpa1/load.cpp:42", "context": "rpa1/load",
    "thread": 7, "held_ms": 12345, "is_running": true, "statement": "UPDATE t SET a = ?"})");
  PoolStatus status;
  EXPECT_FALSE(status.to_json().contains("holders")) << "they were not asked for";
  status.holders = {holder};
  status.is_circuit_open = true;
  status.last_connect_error = "no route";
  EXPECT_EQ(status.to_json().at("holders"), json::array({document}));
  EXPECT_EQ(status.to_json().at("is_circuit_open"), true);
  EXPECT_EQ(status.to_json().at("last_connect_error"), "no route");

  PoolExhaustion exhaustion;
  exhaustion.database_name = "rpa_db";
  exhaustion.cause = ExhaustionCause::slow_statements;
  exhaustion.waited = 2s;
  exhaustion.max_connections = 3;
  exhaustion.checked_out = 1;
  exhaustion.invalid = 2;
  exhaustion.waiting = 4;
  exhaustion.holders = {holder};
  EXPECT_EQ(exhaustion.to_json(), (json{{"database_name", "rpa_db"},
                                        {"cause", "slow_statements"},
                                        {"waited_ms", 2000},
                                        {"max_connections", 3},
                                        {"checked_out", 1},
                                        {"checked_in", 0},
                                        {"opening", 0},
                                        {"invalid", 2},
                                        {"waiting", 4},
                                        {"last_connect_error", nullptr},
                                        {"holders", {document}}}));
}

TEST(ReportJson, ShowsMigrations) {
  MigrationStatus status;
  status.database_name = "rpa_db";
  status.migration_directory = "migrations/rpa_db";
  EXPECT_EQ(status.to_json(), json::parse(R"({
    "database_name": "rpa_db", "migration_directory": "migrations/rpa_db", "current_version": null,
    "pending_migrations": [], "applied_migrations": [], "total_applied": 0})"));
  const AppliedMigration first{"V001", "first", "V001__first.sql", "flow", "2024-01-15T10:30:00Z",
                               12ms,   true};
  status.current_version = "V001";
  status.pending_migrations = {{"V002", "second", "V002__second.sql"}};
  status.applied_migrations = {first};
  status.total_applied = 1;
  const auto applied = json::parse(R"([{"version": "V001", "description": "first",
    "script": "V001__first.sql", "installed_by": "flow", "installed_on": "2024-01-15T10:30:00Z",
    "execution_time": 12, "success": true}])");
  EXPECT_EQ(status.to_json().at("current_version"), "V001");
  EXPECT_EQ(status.to_json().at("applied_migrations"), applied);
  EXPECT_EQ(status.to_json().at("pending_migrations"), json::parse(R"([{"version": "V002",
    "description": "second", "script": "V002__second.sql"}])"));
  const MigrationReport report{"rpa_db", {first}, "V001", 15ms};
  EXPECT_EQ(report.to_json(), (json{{"database_name", "rpa_db"},
                                    {"applied", applied},
                                    {"current_version", "V001"},
                                    {"duration_ms", 15}}));
}

TEST(ReportJson, ShowsHealth) {
  HealthStatus status;
  status.database_name = "rpa_db";
  status.database_type = "postgresql";
  status.response_time_ms = 45.2;
  status.error = "no connection";
  status.timestamp = kMoment;
  EXPECT_EQ(status.to_json(), json::parse(R"({
    "database_name": "rpa_db", "database_type": "postgresql", "status": "unhealthy",
    "connection": false, "query_test": false,
    "migration_status": {"current_version": null, "pending_migrations": []},
    "response_time_ms": 45.2, "error": "no connection",
    "timestamp": "2024-01-15T10:30:00.000000Z"})"));
  status.status = Health::degraded;
  status.connection = status.query_test = true;
  status.error.reset();
  status.migration_status = {"V002", {"V003__third.sql"}};
  const auto document = status.to_json();
  EXPECT_EQ(document.at("status"), "degraded");
  EXPECT_EQ(document.at("error"), nullptr);
  EXPECT_EQ(
      document.at("migration_status"),
      json::parse(R"({"current_version": "V002", "pending_migrations": ["V003__third.sql"]})"));
  const HealthSummary summary{Health::degraded, {status}};
  EXPECT_EQ(summary.to_json(),
            (json{{"status", "degraded"}, {"databases", json::array({document})}}));
  EXPECT_STREQ(to_string(Health::healthy), "healthy");
}

}  // namespace
}  // namespace flowdb
