#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <flowdb/metrics.hpp>
#include <flowdb/version.hpp>

#include "metrics/collection.hpp"
#include "metrics/process_figures.hpp"
#include "metrics/registry.hpp"

namespace flowdb {
namespace metrics {
namespace {

using Labels = Collection::Labels;

/// OpenTelemetry's word for the kind of database.
const char* system_name(DatabaseType type) noexcept {
  switch (type) {
    case DatabaseType::postgresql:
      return "postgresql";
    case DatabaseType::sqlserver:
      return "microsoft.sql_server";
    case DatabaseType::mock:
      break;
  }
  return "other_sql";
}

Labels with(Labels labels, std::string name, std::string value) {
  labels.push_back({std::move(name), std::move(value)});
  return labels;
}

double as_number(std::size_t count) {
  return static_cast<double>(count);
}

Labels labels_of_database(const DatabaseMetrics& database) {
  return {{"db_system_name", system_name(database.type())}, {"db_namespace", database.name()}};
}

Labels labels_of_operation(const DatabaseMetrics& database, const OperationMetrics& operation) {
  return with(labels_of_database(database), "db_operation_name", operation.name());
}

using Totals = std::array<std::uint64_t, kOutcomeCount>;

/// Adds what there was of each outcome to `totals`.
void collect_operation(const DatabaseMetrics& database, const OperationMetrics& operation,
                       Totals& totals, Collection& collection) {
  const auto labels = labels_of_operation(database, operation);
  for (std::size_t i = 0; i < kOutcomeCount; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    const auto durations = operation.durations(outcome);
    const auto total = durations.total();
    totals[i] += total;
    // The series of success is there from the start, that of a failure when there was one.
    if (outcome == Outcome::ok) {
      collection.add(family::kOperationDuration, labels, durations);
    } else if (total > 0) {
      collection.add(family::kOperationDuration, with(labels, "error_type", error_type(outcome)),
                     durations);
    }
  }
  collection.add(family::kOperationRows, labels, as_number(operation.rows()));
  collection.add(family::kOperationRetries, labels, as_number(operation.retries()));
  collection.add(family::kSlowOperations, labels, as_number(operation.slow()));
}

void collect_operations(const DatabaseMetrics& database, Collection& collection) {
  Totals totals{};
  for (const auto* operation : database.operations().all()) {
    collect_operation(database, *operation, totals, collection);
  }
  for (std::size_t i = 0; i < kOutcomeCount; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (outcome != Outcome::ok) {
      collection.add(family::kOperationErrors,
                     with(labels_of_database(database), "error_type", error_type(outcome)),
                     static_cast<double>(totals[i]));
    }
  }
}

Labels labels_of_pool(const DatabaseMetrics& database) {
  return {{"db_system_name", system_name(database.type())},
          {"db_client_connection_pool_name", database.name()}};
}

/// As it is now: nothing when there is no pool.
void collect_pool_gauges(const PoolReading& pool, const Labels& labels, Collection& collection) {
  collection.add(family::kConnectionCount, with(labels, "db_client_connection_state", "idle"),
                 as_number(pool.idle));
  collection.add(family::kConnectionCount, with(labels, "db_client_connection_state", "used"),
                 as_number(pool.used));
  collection.add(family::kConnectionMax, labels, as_number(pool.max));
  collection.add(family::kConnectionIdleMin, labels, as_number(pool.idle_min));
  collection.add(family::kConnectionIdleMax, labels, as_number(pool.idle_max));
  collection.add(family::kPendingRequests, labels, as_number(pool.waiting));
  collection.add(family::kOpening, labels, as_number(pool.opening));
  collection.add(family::kInvalid, labels, as_number(pool.invalid));
  collection.add(family::kOverflow, labels, as_number(pool.overflow));
  collection.add(family::kCircuitOpen, labels, pool.is_circuit_open ? 1 : 0);
  if (pool.lag) {
    collection.add(family::kReplicaLag, labels, std::chrono::duration<double>(*pool.lag).count());
  }
}

void collect_pools(const DatabaseMetrics& database, Collection& collection) {
  const auto labels = labels_of_pool(database);
  const auto pools = database.pools();
  if (pools.count > 0) {
    collect_pool_gauges(pools.sum, labels, collection);
  }
  collection.add(family::kConnectionTimeouts, labels, as_number(database.pool_timeouts()));
  collection.add(family::kCreateTime, labels, database.create_times());
  collection.add(family::kWaitTime, labels, pools.sum.wait_times);
  collection.add(family::kUseTime, labels, pools.sum.use_times);
  for (const bool is_authentication : {false, true}) {
    const auto outcome =
        is_authentication ? Outcome::authentication_failed : Outcome::connection_failed;
    collection.add(family::kConnectFailures, with(labels, "error_type", error_type(outcome)),
                   as_number(database.connect_failures(is_authentication)));
  }
}

void collect_findings(const DatabaseMetrics& database, Collection& collection) {
  const auto labels = labels_of_database(database);
  const auto findings = database.findings();
  if (findings.pending_migrations) {
    collection.add(family::kMigrationsPending, labels, as_number(*findings.pending_migrations));
  }
  if (findings.migration_version) {
    collection.add(family::kMigrationVersion, with(labels, "version", *findings.migration_version),
                   1);
  }
  if (findings.health) {
    for (const auto health : {Health::healthy, Health::degraded, Health::unhealthy}) {
      collection.add(family::kHealthStatus, with(labels, "status", to_string(health)),
                     findings.health == health ? 1 : 0);
    }
    const std::chrono::duration<double> since_1970 = findings.health_time.time_since_epoch();
    collection.add(family::kHealthTime, labels, since_1970.count());
  }
}

void collect_process(Collection& collection) {
  const auto figures = process_figures();
  const auto add = [&](const Description& description, const auto& figure) {
    if (figure) {
      collection.add(description, {}, static_cast<double>(*figure));
    }
  };
  add(family::kCpuSeconds, figures.cpu_seconds);
  add(family::kResidentMemory, figures.resident_bytes);
  add(family::kVirtualMemory, figures.virtual_bytes);
  add(family::kOpenFiles, figures.open_files);
  add(family::kMaxFiles, figures.max_files);
  add(family::kStartTime, figures.start_time);
}

}  // namespace
}  // namespace metrics
}  // namespace flowdb

std::vector<flowdb::MetricFamily> flowdb::collect_metrics() {
  auto& registry = metrics::Registry::of_this_process();
  metrics::Collection collection;
  for (const auto* database : registry.databases()) {
    metrics::collect_operations(*database, collection);
    metrics::collect_pools(*database, collection);
    metrics::collect_findings(*database, collection);
  }
  collection.add(metrics::family::kBuildInfo, {{"version", std::string{version()}}}, 1);
  metrics::collect_process(collection);
  auto families = collection.take();
  auto gauges = registry.gauges().read();
  families.insert(families.end(), std::make_move_iterator(gauges.begin()),
                  std::make_move_iterator(gauges.end()));
  return families;
}
