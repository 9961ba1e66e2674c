#pragma once

#include <array>

#include <flowdb/metrics.hpp>

namespace flowdb::metrics {

/// A family that collect_metrics() may give.
struct Description {
  const char* name;
  MetricType type;
  const char* help;
};

namespace family {

// By OpenTelemetry's semantic conventions for database client metrics, spelled as its
// specification of the Prometheus exposition says: dots become underscores, the unit and _total go
// to the end.
inline constexpr Description kOperationDuration{
    "db_client_operation_duration_seconds", MetricType::histogram,
    "Duration of each attempt at an operation; those that failed have an error_type"};
inline constexpr Description kConnectionCount{
    "db_client_connection_count", MetricType::gauge,
    "Open connections of the pool that are idle, and that are used"};
inline constexpr Description kConnectionMax{"db_client_connection_max", MetricType::gauge,
                                            "Connections that the pool may open"};
inline constexpr Description kConnectionIdleMin{
    "db_client_connection_idle_min", MetricType::gauge,
    "Idle connections that stay open however long they idle"};
inline constexpr Description kConnectionIdleMax{
    "db_client_connection_idle_max", MetricType::gauge,
    "Idle connections above which the pool closes them soon"};
inline constexpr Description kPendingRequests{"db_client_connection_pending_requests",
                                              MetricType::gauge,
                                              "Callers that wait for a connection"};
inline constexpr Description kConnectionTimeouts{"db_client_connection_timeouts_total",
                                                 MetricType::counter,
                                                 "Callers that gave up waiting for a connection"};
inline constexpr Description kCreateTime{"db_client_connection_create_time_seconds",
                                         MetricType::histogram, "Time that it took to connect"};
inline constexpr Description kWaitTime{"db_client_connection_wait_time_seconds",
                                       MetricType::histogram,
                                       "Time that callers waited until they had a connection"};
inline constexpr Description kUseTime{"db_client_connection_use_time_seconds",
                                      MetricType::histogram,
                                      "Time between borrowing a connection and giving it back"};

// What the conventions have no name for.
inline constexpr Description kOperationErrors{
    "flowdb_operation_errors_total", MetricType::counter,
    "Failed attempts at any operation, by kind; each kind is there from the start"};
inline constexpr Description kOperationRows{"flowdb_operation_rows_total", MetricType::counter,
                                            "Rows that operations returned or changed"};
inline constexpr Description kOperationRetries{
    "flowdb_operation_retries_total", MetricType::counter,
    "Attempts at an operation that were not the first one"};
inline constexpr Description kSlowOperations{
    "flowdb_slow_operations_total", MetricType::counter,
    "Attempts that took longer than the threshold of slow statements"};
inline constexpr Description kConnectFailures{
    "flowdb_connection_failures_total", MetricType::counter, "Attempts to connect that failed"};
inline constexpr Description kOpening{"flowdb_connection_opening", MetricType::gauge,
                                      "Connections being opened"};
inline constexpr Description kInvalid{
    "flowdb_connection_invalid", MetricType::gauge,
    "Connections given up on whose end the server has not confirmed"};
inline constexpr Description kOverflow{"flowdb_connection_overflow", MetricType::gauge,
                                       "Open connections above the pool's size"};
inline constexpr Description kCircuitOpen{
    "flowdb_connection_circuit_open", MetricType::gauge,
    "1 while no connection can be had and calls that need a new one fail at once"};
inline constexpr Description kReplicaLag{"flowdb_replica_lag_seconds", MetricType::gauge,
                                         "By how much the replica lagged when last looked at"};
inline constexpr Description kMigrationsPending{
    "flowdb_migrations_pending", MetricType::gauge,
    "Migrations that were pending when this process last looked"};
inline constexpr Description kMigrationVersion{
    "flowdb_migration_version_info", MetricType::gauge,
    "The version of the schema when this process last looked, as a label"};
inline constexpr Description kHealthStatus{
    "flowdb_health_status", MetricType::gauge,
    "1 for what the latest health check of this process found, 0 for the others"};
inline constexpr Description kHealthTime{"flowdb_health_check_timestamp_seconds", MetricType::gauge,
                                         "When that health check was, in seconds since 1970"};
inline constexpr Description kBuildInfo{"flowdb_build_info", MetricType::gauge,
                                        "The version of flowdb, as a label"};

// As all of Prometheus's client libraries name them.
inline constexpr Description kCpuSeconds{"process_cpu_seconds_total", MetricType::counter,
                                         "CPU time of the process in user and system mode"};
inline constexpr Description kResidentMemory{"process_resident_memory_bytes", MetricType::gauge,
                                             "Resident memory of the process"};
inline constexpr Description kVirtualMemory{"process_virtual_memory_bytes", MetricType::gauge,
                                            "Virtual memory of the process"};
inline constexpr Description kOpenFiles{"process_open_fds", MetricType::gauge,
                                        "Open file descriptors of the process"};
inline constexpr Description kMaxFiles{"process_max_fds", MetricType::gauge,
                                       "File descriptors that the process may open"};
inline constexpr Description kStartTime{"process_start_time_seconds", MetricType::gauge,
                                        "When the process started, in seconds since 1970"};

}  // namespace family

/// All of them, in the order in which they are given.
inline constexpr std::array kDescriptions{&family::kOperationDuration,
                                          &family::kOperationErrors,
                                          &family::kOperationRows,
                                          &family::kOperationRetries,
                                          &family::kSlowOperations,
                                          &family::kConnectionCount,
                                          &family::kConnectionMax,
                                          &family::kConnectionIdleMin,
                                          &family::kConnectionIdleMax,
                                          &family::kPendingRequests,
                                          &family::kConnectionTimeouts,
                                          &family::kCreateTime,
                                          &family::kWaitTime,
                                          &family::kUseTime,
                                          &family::kConnectFailures,
                                          &family::kOpening,
                                          &family::kInvalid,
                                          &family::kOverflow,
                                          &family::kCircuitOpen,
                                          &family::kReplicaLag,
                                          &family::kMigrationsPending,
                                          &family::kMigrationVersion,
                                          &family::kHealthStatus,
                                          &family::kHealthTime,
                                          &family::kBuildInfo,
                                          &family::kCpuSeconds,
                                          &family::kResidentMemory,
                                          &family::kVirtualMemory,
                                          &family::kOpenFiles,
                                          &family::kMaxFiles,
                                          &family::kStartTime};

}  // namespace flowdb::metrics
