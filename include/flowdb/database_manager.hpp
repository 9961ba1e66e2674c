#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <flowdb/call_site.hpp>
#include <flowdb/config.hpp>
#include <flowdb/error.hpp>
#include <flowdb/notification.hpp>
#include <flowdb/options.hpp>
#include <flowdb/query_options.hpp>
#include <flowdb/reports.hpp>
#include <flowdb/result_set.hpp>
#include <flowdb/row_stream.hpp>
#include <flowdb/transaction.hpp>
#include <flowdb/value.hpp>

namespace flowdb {
inline namespace v0_1 {

class SessionLease;

/// One database, as a flow sees it. Managers of the same name, connection string and pool settings
/// share one pool within the process; it closes when the last of them goes. All members may be
/// called from several threads at once, construction, move and destruction excepted.
///
/// What every call that talks to the server may throw:
/// - InvalidArgument: the call itself is wrong; nothing was sent.
/// - PoolTimeoutError: no connection became free in time.
/// - ConnectionError, AuthenticationError: none could be opened, or it was lost.
/// - QueryError, ConstraintError: the server refused the statement.
/// - TimeoutError: the deadline passed; the statement was cancelled on the server.
/// - CommitUnknownError: the answer to a write was lost; it was applied or it was not.
///
/// The `site` of a call is where it stands in the flow's source; see CallSite.
class DatabaseManager {
 public:
  /// Settings from ConfigManager's default (no flow, current directory, process environment).
  /// \throws ConfigurationError, which names the variable to set; InvalidArgument for an empty
  /// name; with auto_migrate also what run_migrations() throws. Does not connect otherwise.
  explicit DatabaseManager(std::string database_name);
  DatabaseManager(std::string database_name, const ConfigManager& config,
                  const DatabaseOptions& options = {});
  DatabaseManager(DatabaseManager&&) noexcept;
  DatabaseManager& operator=(DatabaseManager&&) noexcept;
  ~DatabaseManager();

  const std::string& database_name() const noexcept;
  DatabaseType database_type() const noexcept;

  /// Executes one statement with named parameters (`:name`), bound by the server. A write is
  /// committed when this returns. A std::vector in `IN (:ids)` stands for its elements.
  ResultSet execute_query(std::string_view sql, const Params& params = {},
                          CallSite site = CallSite::here());
  /// The same, as the options say: a read that tolerates lag may go to a replica.
  ResultSet execute_query(std::string_view sql, const Params& params, const QueryOptions& options,
                          CallSite site = CallSite::here());

  /// The same with a deadline of its own: waiting for a connection and executing draw on it. The
  /// statement is cancelled on the server; the call returns within 250 ms of the deadline.
  ResultSet execute_query_with_timeout(std::string_view sql, const Params& params = {},
                                       std::chrono::milliseconds timeout = std::chrono::seconds{30},
                                       CallSite site = CallSite::here());

  /// The same, tried again after a transient failure by the options' RetryPolicy, or the given one
  /// – but only when the statement has not been sent, or `idempotent` says that running it twice
  /// does no harm.
  ResultSet execute_query_with_retry(std::string_view sql, const Params& params = {},
                                     bool idempotent = false, CallSite site = CallSite::here());
  ResultSet execute_query_with_retry(std::string_view sql, const Params& params,
                                     const RetryPolicy& policy, bool idempotent = false,
                                     CallSite site = CallSite::here());

  /// All statements or none, in one transaction; tried again after a serialization failure or a
  /// deadlock.
  /// \throws TransactionError with the index of the statement that the server refused, whose own
  /// error is nested; TimeoutError, ConnectionError and CommitUnknownError as they are.
  std::vector<ResultSet> execute_transaction(const std::vector<flowdb::Statement>& statements,
                                             const TransactionOptions& options = {},
                                             CallSite site = CallSite::here());

  /// Calls `body(Transaction&)` in a transaction and commits when it returns; an exception rolls
  /// back and passes on. After a serialization failure or a deadlock `body` runs again from its
  /// start, until the deadline: what it does outside the database must bear that.
  template <class Body>
  auto transaction(Body&& body, const TransactionOptions& options = {},
                   CallSite site = CallSite::here()) -> std::invoke_result_t<Body&, Transaction&> {
    using Result = std::invoke_result_t<Body&, Transaction&>;
    if constexpr (std::is_void_v<Result>) {
      run_transaction([&](Transaction& tx) { body(tx); }, options, site);
    } else {
      std::optional<Result> result;
      run_transaction([&](Transaction& tx) { result.emplace(body(tx)); }, options, site);
      return *std::move(result);
    }
  }

  /// The rows as they arrive, in bounded memory. The deadline is per block of rows.
  RowStream stream_query(std::string_view sql, const Params& params = {},
                         CallSite site = CallSite::here());
  /// The same, as the options say. Once a row has been handed out it stays with its server.
  RowStream stream_query(std::string_view sql, const Params& params, const QueryOptions& options,
                         CallSite site = CallSite::here());

  /// One statement, many parameter sets, one transaction; the sum of the affected rows.
  std::uint64_t execute_batch(std::string_view sql, const std::vector<Params>& params,
                              CallSite site = CallSite::here());

  /// Inserts rows by the fastest path that the server offers (PostgreSQL: COPY), all or none.
  /// `table` is `name` or `schema.name`, taken literally. Returns the number of rows.
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows,
                            CallSite site = CallSite::here());

  /// Listens to channels (PostgreSQL); see NotificationListener. What is committed after this
  /// returns is heard, so look once for what was there before. A channel's name is taken as it
  /// stands, as if quoted: 1 to 63 bytes, case counts. \throws also InvalidArgument where the
  /// server has no such thing, ConfigurationError where a pooler stands before it.
  NotificationListener listen(const std::vector<std::string>& channels);
  /// The same without a listener at hand: each thread of the program is a listener of its own, from
  /// its first wait for the channel to its end or the manager's. So each sees every notification,
  /// and what arrives between two waits of a thread is kept for it. The first wait gives a gap as
  /// soon as it is listened to. See NotificationListener::wait().
  std::optional<Notification> wait_for_notification(std::string_view channel,
                                                    std::chrono::milliseconds timeout);
  /// The same, and returns nullopt at once when shutdown is requested.
  std::optional<Notification> wait_for_notification(std::string_view channel,
                                                    std::chrono::milliseconds timeout,
                                                    const ShutdownSignal& shutdown);
  /// Notifies all who listen to the channel, whatever process they are in. Within a transaction use
  /// `SELECT pg_notify(:channel, :payload)`, which comes into effect with its COMMIT. \throws also
  /// InvalidArgument for a payload of more than 7999 bytes.
  void notify(std::string_view channel, std::string_view payload = {},
              CallSite site = CallSite::here());

  /// Applies the pending migrations; safe to call from any number of processes at once.
  /// \throws MigrationError with script, line and column.
  MigrationReport run_migrations(CallSite site = CallSite::here());
  /// Never writes; needs no more than the right to read.
  MigrationStatus get_migration_status(CallSite site = CallSite::here());

  /// Never throws for a sick database, and takes no longer than health_timeout.
  HealthStatus health_check() noexcept;
  /// With PoolDetail::holders also who holds the connections: call site, thread, age, statement.
  PoolStatus get_pool_status(PoolDetail detail = PoolDetail::counts) const;

  /// Closes idle connections now, lent ones when they come back, those to a replica as well, and
  /// the one that listens. The manager stays usable: the next call, or wait, opens anew.
  void dispose();
  /// The same, and waits for the lent ones, at most for `timeout`: the end of a program that lets
  /// its calls finish. Returns how many are still lent then; they close when they come back. Calls
  /// made meanwhile open anew, and are not waited for. See <flowdb/shutdown_signal.hpp>.
  std::size_t dispose(std::chrono::milliseconds timeout);

  /// A connection of the pool for calls that flowdb has no function for; see <flowdb/soci.hpp>.
  SessionLease lease_session(CallSite site = CallSite::here());

 protected:
  struct Impl;
  Impl& impl() noexcept { return *impl_; }

 private:
  friend class Migrator;
  void run_transaction(const std::function<void(Transaction&)>& body,
                       const TransactionOptions& options, CallSite site);

  std::unique_ptr<Impl> impl_;
};

/// Checks several databases, one after another, and gives the worst status of all.
HealthSummary health_check_all(const std::vector<DatabaseManager*>& databases);

}  // namespace v0_1
}  // namespace flowdb
