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
inline constexpr Description operation_duration{
    "db_client_operation_duration_seconds", MetricType::histogram,
    "Duration of each attempt at an operation; those that failed have an error_type"};
inline constexpr Description connection_count{
    "db_client_connection_count", MetricType::gauge,
    "Open connections of the pool that are idle, and that are used"};
inline constexpr Description connection_max{"db_client_connection_max", MetricType::gauge,
                                            "Connections that the pool may open"};
inline constexpr Description connection_idle_min{
    "db_client_connection_idle_min", MetricType::gauge,
    "Idle connections that stay open however long they idle"};
inline constexpr Description connection_idle_max{
    "db_client_connection_idle_max", MetricType::gauge,
    "Idle connections above which the pool closes them soon"};
inline constexpr Description pending_requests{"db_client_connection_pending_requests",
                                              MetricType::gauge,
                                              "Callers that wait for a connection"};
inline constexpr Description connection_timeouts{"db_client_connection_timeouts_total",
                                                 MetricType::counter,
                                                 "Callers that gave up waiting for a connection"};
inline constexpr Description create_time{"db_client_connection_create_time_seconds",
                                         MetricType::histogram, "Time that it took to connect"};
inline constexpr Description wait_time{"db_client_connection_wait_time_seconds",
                                       MetricType::histogram,
                                       "Time that callers waited until they had a connection"};
inline constexpr Description use_time{"db_client_connection_use_time_seconds",
                                      MetricType::histogram,
                                      "Time between borrowing a connection and giving it back"};

// What the conventions have no name for.
inline constexpr Description operation_errors{
    "flowdb_operation_errors_total", MetricType::counter,
    "Failed attempts at any operation, by kind; each kind is there from the start"};
inline constexpr Description operation_rows{"flowdb_operation_rows_total", MetricType::counter,
                                            "Rows that operations returned or changed"};
inline constexpr Description operation_retries{
    "flowdb_operation_retries_total", MetricType::counter,
    "Attempts at an operation that were not the first one"};
inline constexpr Description slow_operations{
    "flowdb_slow_operations_total", MetricType::counter,
    "Attempts that took longer than the threshold of slow statements"};
inline constexpr Description connect_failures{
    "flowdb_connection_failures_total", MetricType::counter, "Attempts to connect that failed"};
inline constexpr Description opening{"flowdb_connection_opening", MetricType::gauge,
                                     "Connections being opened"};
inline constexpr Description invalid{
    "flowdb_connection_invalid", MetricType::gauge,
    "Connections given up on whose end the server has not confirmed"};
inline constexpr Description overflow{"flowdb_connection_overflow", MetricType::gauge,
                                      "Open connections above the pool's size"};
inline constexpr Description circuit_open{
    "flowdb_connection_circuit_open", MetricType::gauge,
    "1 while no connection can be had and calls that need a new one fail at once"};
inline constexpr Description replica_lag{"flowdb_replica_lag_seconds", MetricType::gauge,
                                         "By how much the replica lagged when last looked at"};
inline constexpr Description migrations_pending{
    "flowdb_migrations_pending", MetricType::gauge,
    "Migrations that were pending when this process last looked"};
inline constexpr Description migration_version{
    "flowdb_migration_version_info", MetricType::gauge,
    "The version of the schema when this process last looked, as a label"};
inline constexpr Description health_status{
    "flowdb_health_status", MetricType::gauge,
    "1 for what the latest health check of this process found, 0 for the others"};
inline constexpr Description health_time{"flowdb_health_check_timestamp_seconds", MetricType::gauge,
                                         "When that health check was, in seconds since 1970"};
inline constexpr Description build_info{"flowdb_build_info", MetricType::gauge,
                                        "The version of flowdb, as a label"};

// As all of Prometheus's client libraries name them.
inline constexpr Description cpu_seconds{"process_cpu_seconds_total", MetricType::counter,
                                         "CPU time of the process in user and system mode"};
inline constexpr Description resident_memory{"process_resident_memory_bytes", MetricType::gauge,
                                             "Resident memory of the process"};
inline constexpr Description virtual_memory{"process_virtual_memory_bytes", MetricType::gauge,
                                            "Virtual memory of the process"};
inline constexpr Description open_files{"process_open_fds", MetricType::gauge,
                                        "Open file descriptors of the process"};
inline constexpr Description max_files{"process_max_fds", MetricType::gauge,
                                       "File descriptors that the process may open"};
inline constexpr Description start_time{"process_start_time_seconds", MetricType::gauge,
                                        "When the process started, in seconds since 1970"};

}  // namespace family

/// All of them, in the order in which they are given.
inline constexpr std::array descriptions{&family::operation_duration,
                                         &family::operation_errors,
                                         &family::operation_rows,
                                         &family::operation_retries,
                                         &family::slow_operations,
                                         &family::connection_count,
                                         &family::connection_max,
                                         &family::connection_idle_min,
                                         &family::connection_idle_max,
                                         &family::pending_requests,
                                         &family::connection_timeouts,
                                         &family::create_time,
                                         &family::wait_time,
                                         &family::use_time,
                                         &family::connect_failures,
                                         &family::opening,
                                         &family::invalid,
                                         &family::overflow,
                                         &family::circuit_open,
                                         &family::replica_lag,
                                         &family::migrations_pending,
                                         &family::migration_version,
                                         &family::health_status,
                                         &family::health_time,
                                         &family::build_info,
                                         &family::cpu_seconds,
                                         &family::resident_memory,
                                         &family::virtual_memory,
                                         &family::open_files,
                                         &family::max_files,
                                         &family::start_time};

}  // namespace flowdb::metrics
