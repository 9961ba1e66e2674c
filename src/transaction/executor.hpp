#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/options.hpp>
#include <flowdb/row_stream.hpp>
#include <flowdb/transaction.hpp>

#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "sql/statement.hpp"
#include "transaction/engine.hpp"
#include "transaction/retry.hpp"

namespace flowdb {

/// How one call of the manager is carried out: deadline, connection, attempts, log record.
/// Thread-safe.
class Executor {
 public:
  Executor(const config::Settings& settings, std::shared_ptr<Engine> engine,
           Clock& clock = Clock::system());

  /// Whether and how a single statement is tried again.
  struct Retrying {
    const RetryPolicy* policy = nullptr;  ///< none: one attempt
    bool idempotent = false;
  };

  ResultSet query(std::string_view sql, const Params& params, std::chrono::milliseconds timeout,
                  const Retrying& retrying, std::string_view operation);
  void transaction(const std::function<void(Transaction&)>& body, const TransactionOptions& options,
                   std::string_view operation);
  std::vector<ResultSet> transaction(const std::vector<flowdb::Statement>& statements,
                                     const TransactionOptions& options);
  RowStream stream(std::string_view sql, const Params& params);
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows);

  pool::Lease acquire(const Deadline& deadline);
  Engine& engine() noexcept { return *engine_; }
  const std::shared_ptr<Engine>& shared_engine() const noexcept { return engine_; }

 private:
  /// The statement of a call, parsed and found fit to be sent. \throws InvalidArgument, recorded.
  std::shared_ptr<const sql::ParsedStatement> checked(std::string_view sql,
                                                      std::chrono::milliseconds timeout,
                                                      std::string_view operation);
  retry::Work work_of(const sql::ParsedStatement& statement, const Retrying& retrying);
  void attempt_transaction(const std::function<void(Transaction&)>& body,
                           const TransactionOptions& options, std::chrono::milliseconds timeout,
                           const Deadline& deadline, int attempt);

  const config::Settings& settings_;
  std::shared_ptr<Engine> engine_;
  Clock& clock_;
};

/// \throws InvalidArgument unless the timeout is positive; names it.
void check_timeout(std::chrono::milliseconds timeout, const std::string& database_name);

}  // namespace flowdb
