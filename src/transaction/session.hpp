#pragma once

#include <flowdb/transaction.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "pool/pool.hpp"
#include "transaction/engine.hpp"

namespace flowdb {

/// One attempt at a transaction, on one connection: what stands behind a Transaction.
class Session {
 public:
  Session(Engine& engine, pool::Lease lease, const Deadline& deadline)
      : engine_(engine), lease_(std::move(lease)), deadline_(deadline) {}

  void begin(const TransactionOptions& options, std::chrono::milliseconds timeout);
  /// Lends a Transaction to the callable.
  void run(const std::function<void(Transaction&)>& body, int attempt);
  void commit();
  /// Never throws: a connection on which it fails is given up, and the server rolls back.
  void roll_back() noexcept;

  ResultSet execute_query(std::string_view sql, const Params& params);
  std::uint64_t execute_batch(std::string_view sql, const std::vector<Params>& params);
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows);
  void savepoint(const std::function<void()>& body);

  /// The server has rolled back because of others, whatever the callable made of it.
  bool met_conflict() const noexcept { return met_conflict_; }

 private:
  template <class Call>
  auto noting_conflicts(const Call& call);
  void roll_back_to(const std::string& savepoint) noexcept;

  Engine& engine_;
  pool::Lease lease_;
  Deadline deadline_;
  int savepoints_ = 0;
  bool met_conflict_ = false;
};

}  // namespace flowdb
