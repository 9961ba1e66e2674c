#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/call_site.hpp>
#include <flowdb/error.hpp>
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

/// Which call of the manager is carried out, and where the flow made it.
struct Caller {
  std::string_view operation;  ///< a literal: `execute_query`
  CallSite site;
  /// Another server can serve it: how long it waits for a connection to this one. That the call
  /// fails here is then a warning.
  std::optional<std::chrono::milliseconds> patience = {};
};

/// How a stream is read.
struct Streaming {
  std::chrono::milliseconds timeout;  ///< of each block
  std::chrono::milliseconds opening;  ///< of what comes before the first one
  bool in_read_only_transaction = false;
};

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
                  const Retrying& retrying, const Caller& caller);
  void transaction(const std::function<void(Transaction&)>& body, const TransactionOptions& options,
                   const Caller& caller);
  std::vector<ResultSet> transaction(const std::vector<flowdb::Statement>& statements,
                                     const TransactionOptions& options, const Caller& caller);
  RowStream stream(std::string_view sql, const Params& params, const Streaming& streaming,
                   const Caller& caller);
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows, CallSite site);

  /// `fingerprint`: of the statement that is run first, if it is known; must outlive the lease.
  pool::Lease acquire(const Deadline& deadline, const Caller& caller,
                      const std::string* fingerprint = nullptr);
  const config::Settings& settings() const noexcept { return settings_; }
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
                           const Deadline& deadline, int attempt, const Caller& caller);
  /// To be called where the CommitUnknownError of these facts is caught: asks the server. Returns
  /// when it has committed. \throws TransactionError when it has rolled back, else what was caught.
  void resolve(ErrorFacts facts, Session& session, const Deadline& deadline, const Caller& caller);

  const config::Settings& settings_;
  std::shared_ptr<Engine> engine_;
  Clock& clock_;
};

/// \throws InvalidArgument unless the timeout is positive; names it.
void check_timeout(std::chrono::milliseconds timeout, const std::string& database_name);

}  // namespace flowdb
