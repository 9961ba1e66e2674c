#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/transaction.hpp>

#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "pool/pool.hpp"
#include "sql/statement.hpp"
#include "transaction/engine.hpp"

namespace flowdb {

/// One attempt at a transaction, on one connection: what stands behind a Transaction.
class Session {
 public:
  Session(Engine& engine, const config::Settings& settings, pool::Lease lease,
          const Deadline& deadline, int attempt)
      : engine_(engine),
        settings_(settings),
        lease_(std::move(lease)),
        deadline_(deadline),
        attempt_(attempt) {}

  void begin(const TransactionOptions& options, std::chrono::milliseconds timeout);
  /// Lends a Transaction to the callable.
  void run(const std::function<void(Transaction&)>& body);
  void commit();
  /// After a COMMIT without an answer: gives the connection back, so that another can be had, and
  /// says by what that one can ask.
  std::optional<backend::TransactionTrace> leave_trace();
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
  /// The same, with a log record, and known to the reports on the pool.
  template <class Call>
  auto recorded(std::string_view operation, std::string_view fingerprint, const Call& call);
  /// Takes the statement that is run next. \throws InvalidArgument, recorded.
  const sql::ParsedStatement& take(std::string_view sql, std::string_view operation);
  void roll_back_to(const std::string& savepoint) noexcept;

  Engine& engine_;
  const config::Settings& settings_;
  std::shared_ptr<const sql::ParsedStatement> statement_;  // the latest; the lease refers to it
  pool::Lease lease_;
  Deadline deadline_;
  int attempt_;
  int savepoints_ = 0;
  bool met_conflict_ = false;
};

}  // namespace flowdb
