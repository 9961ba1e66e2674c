#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <flowdb/migration_options.hpp>

namespace flowdb::backend {
class BackendFactory;
}

namespace flowdb {
inline namespace v0_1 {

enum class DatabaseType { postgresql, sqlserver, mock };

/// `postgresql`, `sqlserver` or `mock`.
const char* to_string(DatabaseType type) noexcept;

/// When a failed call may be tried again, and how long to wait before. Applies only to failures
/// known to be transient, and only where running again cannot apply a write twice; never past the
/// call's deadline. The waits are those of tenacity's wait_exponential: `multiplier` ×
/// 2^(attempt-1) seconds, held between `min_wait` and `max_wait`, then cut by up to `jitter` of
/// itself.
struct RetryPolicy {
  int max_attempts = 3;  ///< the first attempt included; ≥ 1
  std::chrono::milliseconds min_wait{4000};
  std::chrono::milliseconds max_wait{10000};
  double multiplier = 1.0;  ///< seconds before the second attempt, before the bounds; ≥ 0
  double jitter = 0.25;     ///< 0 … 1: the part of a wait that chance may take away

  /// Serialization failures and deadlocks are another matter: the server is well, and a quick new
  /// attempt succeeds. Doubles from `conflict_min_wait` to `conflict_max_wait`, with full jitter.
  std::chrono::milliseconds conflict_min_wait{5};
  std::chrono::milliseconds conflict_max_wait{500};
  int max_conflict_attempts = 0;  ///< 0: until the deadline
};

/// When a connection's session is made as new before somebody else borrows it.
enum class ResetPolicy {
  /// When a statement says that it leaves something behind (SET, LISTEN, CREATE TEMP, CALL, DO …),
  /// or a setting that the server reports has changed. Costs nothing otherwise.
  when_dirty,
  /// After every use: also what functions do unseen. Two round trips on PostgreSQL, and the
  /// statements prepared on the connection are prepared anew.
  always,
};

/// Settings given in code; each one that is set beats the configuration's.
struct DatabaseOptions {
  std::optional<DatabaseType> type = {};
  std::optional<std::string> connection_string = {};
  /// A read-only copy of the database for reads that tolerate lag, see ReadPreference; of the same
  /// type. It has a pool of its own with the same settings. Empty: none.
  std::optional<std::string> replica_connection_string = {};
  /// A replica that lags by more is not used; PostgreSQL. Default 0: any lag will do.
  std::optional<std::chrono::milliseconds> replica_max_lag = {};

  std::optional<int> pool_size = {};     ///< connections kept open; default 5, ≥ 1
  std::optional<int> max_overflow = {};  ///< connections allowed above them; default 10, ≥ 0
  /// Connections that stay open however long they idle; default pool_size.
  std::optional<int> min_idle = {};
  /// The longest wait for a free connection; default: the call's own deadline.
  std::optional<std::chrono::milliseconds> acquire_timeout = {};
  /// A connection older than this is replaced; default 30 min, less up to 10 % by chance, so that
  /// they do not all go at once; 0: never.
  std::optional<std::chrono::milliseconds> max_lifetime = {};
  /// A connection above min_idle that idled this long is closed; default 10 min; 0: never.
  std::optional<std::chrono::milliseconds> idle_timeout = {};
  /// The same for a connection above pool_size; default 10 s; 0: closed when it is returned.
  std::optional<std::chrono::milliseconds> overflow_idle_timeout = {};

  /// Connections that may be on their way at the same time; default 3, ≥ 1: a server that comes
  /// back is not stormed.
  std::optional<int> max_concurrent_connects = {};
  /// After so many failures to connect in a row, or one of authentication, calls that would need a
  /// new connection fail at once, and one attempt at a time in the background finds out when the
  /// server is back; default 3; 0: every call tries for itself.
  std::optional<int> breaker_failures = {};
  /// The longest pause between two such attempts; default 1 s, less up to a quarter by chance; ≥ 1
  /// ms. (After a failure of authentication up to 30 s, since servers lock accounts.)
  std::optional<std::chrono::milliseconds> breaker_probe_interval = {};
  /// A connection lent for longer is logged as a warning, once, with the place that borrowed it;
  /// default 0: never.
  std::optional<std::chrono::milliseconds> leak_detection_after = {};
  std::optional<ResetPolicy> reset_policy = {};  ///< default when_dirty

  /// The whole-call deadline of a query, waits and retries included; default 30 s.
  std::optional<std::chrono::milliseconds> timeout = {};
  /// health_check()'s own deadline; default 5 s.
  std::optional<std::chrono::milliseconds> health_timeout = {};
  /// A health check slower than this is degraded; default 5 s, and at most health_timeout.
  std::optional<std::chrono::milliseconds> health_degraded_after = {};
  /// A statement slower than this is logged as a warning; default 1 s; 0: never.
  std::optional<std::chrono::milliseconds> slow_statement = {};
  std::optional<RetryPolicy> retry = {};
  /// Statements that each connection keeps prepared, the least recently used going first; default
  /// 256; 0: none. PostgreSQL; none behind a pooler such as PgBouncer, which is noticed.
  std::optional<int> statement_cache_size = {};

  std::optional<bool> auto_migrate = {};  ///< run_migrations() on construction; default false
  /// Default `migrations/{database_name}` below the project root.
  std::optional<std::filesystem::path> migrations_directory = {};
  /// How run_migrations(), the status and the health check treat migrations.
  std::optional<MigrationOptions> migrations = {};
  std::optional<bool> read_only = {};        ///< the server refuses writes; default false
  std::optional<bool> allow_plaintext = {};  ///< no TLS to a host that is not local; default false

  /// Replaces the server altogether; what the mock for unit tests uses.
  std::shared_ptr<backend::BackendFactory> backend = {};
};

}  // namespace v0_1
}  // namespace flowdb
