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

#include <flowdb/query_options.hpp>
#include <flowdb/result_set.hpp>
#include <flowdb/value.hpp>

namespace flowdb {

class Session;

inline namespace v0_1 {

enum class IsolationLevel {
  server_default,
  read_committed,
  repeatable_read,
  serializable,
  snapshot
};

struct TransactionOptions {
  IsolationLevel isolation = IsolationLevel::server_default;
  /// The server refuses every write in it; only then is a lost connection retried in mid-flight.
  bool read_only = false;
  /// The deadline of the whole transaction, new attempts included; default: the database's timeout.
  std::optional<std::chrono::milliseconds> timeout = {};
  /// Run again from the start after a serialization failure or a deadlock, which the server has
  /// rolled back, and when it says so of a COMMIT whose answer was lost. Switch off when the
  /// callable does something that must not happen twice.
  bool retry_conflicts = true;
  /// Other than `primary` only for a read-only transaction. With `prefer_replica` the callable runs
  /// again from its start when it has to go on at the primary, if retry_conflicts allows that.
  ReadPreference read_preference = ReadPreference::primary;
};

/// The transaction that DatabaseManager::transaction() lends to its callable. Not thread-safe;
/// valid only during the call. An exception that leaves the callable rolls everything back.
class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// \throws QueryError (and the transaction is aborted: roll back to a savepoint, or leave),
  /// ConnectionError, TimeoutError, InvalidArgument.
  ResultSet execute_query(std::string_view sql, const Params& params = {});
  /// One statement, many parameter sets; the sum of the affected rows.
  std::uint64_t execute_batch(std::string_view sql, const std::vector<Params>& params);
  /// See DatabaseManager::bulk_insert().
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows);

  /// Runs `body` behind a savepoint: an exception rolls back to it, and passes on; the transaction
  /// is usable again for whoever catches it. May be nested.
  template <class Body>
  auto savepoint(Body&& body) -> std::invoke_result_t<Body&, Transaction&> {
    using Result = std::invoke_result_t<Body&, Transaction&>;
    if constexpr (std::is_void_v<Result>) {
      run_savepoint([&](Transaction& tx) { body(tx); });
    } else {
      std::optional<Result> result;
      run_savepoint([&](Transaction& tx) { result.emplace(body(tx)); });
      return *std::move(result);
    }
  }

  /// Which attempt this is: 1, and more after conflicts.
  int attempt() const noexcept;

 private:
  friend class flowdb::Session;
  Transaction(Session& session, int attempt) noexcept : session_(session), attempt_(attempt) {}
  void run_savepoint(const std::function<void(Transaction&)>& body);

  Session& session_;
  int attempt_;
};

}  // namespace v0_1
}  // namespace flowdb
