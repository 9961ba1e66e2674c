#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <flowdb/migration_reports.hpp>

/// Plain reports; to_json() gives the documents that dashboards and scripts read.

namespace flowdb {
inline namespace v0_1 {

struct Percentiles {
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
  double max = 0;
};

/// Who holds a connection of a pool.
struct ConnectionHolder {
  std::string operation;  ///< `execute_query`, `transaction`, `stream_query` …
  std::string call_site;  ///< `rpa1/load.cpp:42`: where the flow called; empty when not known
  std::string context;    ///< the RunContext's `flow/task/run id`; empty without one
  int thread = 0;         ///< the kernel's number of the thread that borrowed it
  std::chrono::milliseconds held{0};
  bool is_running = false;  ///< it runs a statement now; otherwise it holds the connection idly
  std::string statement;    ///< the fingerprint of the latest one; empty when there was none

  nlohmann::json to_json() const;
};

/// Why a call found no connection free in time, as far as that can be told.
enum class ExhaustionCause {
  leak,             ///< most holders run no statement and give nothing back
  slow_statements,  ///< most holders have been running statements all the while
  server_down,      ///< there could be more connections, but none can be opened
  pool_too_small,   ///< connections come and go, but more callers want them than there are
};
/// `leak`, `slow_statements`, `server_down` or `pool_too_small`.
const char* to_string(ExhaustionCause cause) noexcept;

/// The pool at the moment at which a call gave up waiting for a connection.
struct PoolExhaustion {
  std::string database_name;
  ExhaustionCause cause = ExhaustionCause::pool_too_small;
  std::chrono::milliseconds waited{0};
  std::size_t max_connections = 0;
  std::size_t checked_out = 0;
  std::size_t checked_in = 0;
  std::size_t opening = 0;
  std::size_t invalid = 0;                        ///< given up, their end not yet confirmed
  std::size_t waiting = 0;                        ///< callers in the queue, this one included
  std::optional<std::string> last_connect_error;  ///< unless one has succeeded since
  std::vector<ConnectionHolder> holders;          ///< who holds for longest comes first

  nlohmann::json to_json() const;
};

/// What get_pool_status() is to find out.
enum class PoolDetail {
  counts,
  holders,  ///< also who holds the connections
};

/// A moment's picture of a pool.
struct PoolStatus {
  std::string database_name;
  std::size_t pool_size = 0;
  std::size_t max_overflow = 0;
  std::size_t checked_in = 0;   ///< open and idle
  std::size_t checked_out = 0;  ///< open and lent
  std::size_t overflow = 0;     ///< open ones above pool_size
  std::size_t invalid =
      0;  ///< given up, but the server has not yet confirmed their end; they count
  std::size_t total_connections = 0;  ///< checked_in + checked_out + invalid
  std::size_t max_connections = 0;    ///< pool_size + max_overflow
  std::size_t opening = 0;            ///< being opened now
  double utilization_percent = 0;     ///< checked_out / max_connections × 100, two decimals
  std::size_t waiting = 0;            ///< callers in the queue
  Percentiles acquire_time_ms;        ///< from the call for a connection to having it
  Percentiles held_time_ms;           ///< from having it to giving it back
  bool is_circuit_open = false;       ///< no connection can be had for now, and calls fail at once
  std::optional<std::string> last_connect_error;         ///< unless one has succeeded since
  std::optional<std::vector<ConnectionHolder>> holders;  ///< when asked for
  std::shared_ptr<const PoolStatus> replica;             ///< the replica's pool, if there is one
  /// Of a replica's pool: by how much the replica lagged when it was last looked at, if that could
  /// be told.
  std::optional<std::chrono::milliseconds> lag;
  std::chrono::system_clock::time_point timestamp;

  nlohmann::json to_json() const;
};

enum class Health { healthy, degraded, unhealthy };
const char* to_string(Health health) noexcept;

struct HealthStatus {
  struct Migrations {
    std::optional<std::string> current_version;
    std::vector<std::string> pending_migrations;  ///< scripts
  };
  struct Replica {
    bool connection = false;
    bool query_test = false;
    std::optional<std::chrono::milliseconds> lag;  ///< if that can be told
    std::optional<std::string> error;
  };

  std::string database_name;
  std::string database_type;
  Health status = Health::unhealthy;
  bool connection = false;
  bool query_test = false;
  std::optional<Migrations> migration_status;  ///< none where the database has no migrations
  std::optional<Replica> replica;              ///< none where none is configured
  double response_time_ms = 0;
  std::optional<std::string> error;
  std::chrono::system_clock::time_point timestamp;

  nlohmann::json to_json() const;
};

/// Several databases together: as sick as the sickest.
struct HealthSummary {
  Health status = Health::healthy;
  std::vector<HealthStatus> databases;

  nlohmann::json to_json() const;
};

}  // namespace v0_1
}  // namespace flowdb
