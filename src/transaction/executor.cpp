#include "transaction/executor.hpp"

#include <algorithm>
#include <utility>

#include <flowdb/error.hpp>

#include "backend/binding.hpp"
#include "sql/transaction_effect.hpp"
#include "transaction/commit_inquiry.hpp"
#include "transaction/failure_naming.hpp"
#include "transaction/operation_record.hpp"
#include "transaction/session.hpp"
#include "transaction/stream_source.hpp"

namespace flowdb {
namespace {

/// SQL's word for a transaction that the server has rolled back, for whatever reason.
constexpr const char* kRolledBack = "40000";

}  // namespace

using std::chrono::milliseconds;

void check_timeout(milliseconds timeout, const std::string& database_name) {
  if (timeout <= milliseconds::zero()) {
    throw InvalidArgument(database_name + ": the timeout must be positive, got " +
                              std::to_string(timeout.count()) + " ms",
                          {.database_name = database_name});
  }
}

Executor::Executor(const config::Settings& settings, std::shared_ptr<Engine> engine, Clock& clock)
    : settings_(settings), engine_(std::move(engine)), clock_(clock) {}

pool::Lease Executor::acquire(const Deadline& deadline, const Caller& caller,
                              const std::string* fingerprint) {
  const auto timeout =
      std::min(settings_.acquire_timeout, caller.patience.value_or(settings_.acquire_timeout));
  auto lease = engine_->pool().acquire({.deadline = deadline,
                                        .timeout = timeout,
                                        .borrower = {caller.operation, caller.site, fingerprint}});
  lease->set_flow_name(settings_.flow_name);
  return lease;
}

std::shared_ptr<const sql::ParsedStatement> Executor::checked(std::string_view sql,
                                                              milliseconds timeout,
                                                              std::string_view operation) {
  OperationRecord record{settings_, engine_->metrics(), operation, {}, 1};
  try {
    check_timeout(timeout, settings_.database_name);
    auto statement = engine_->statements().get(sql);
    backend::check_single_statement(*statement, settings_.database_name);
    return statement;
  } catch (...) {
    record.failed();
    rethrow_naming_database(settings_.database_name);
  }
}

ResultSet Executor::query(std::string_view sql, const Params& params, milliseconds timeout,
                          const Retrying& retrying, const Caller& caller) {
  const auto deadline = Deadline::after(timeout);
  const auto statement = checked(sql, timeout, caller.operation);
  retry::Backoff backoff{retrying.policy != nullptr ? *retrying.policy : settings_.retry,
                         retry::random_part};
  for (;;) {
    OperationRecord record{settings_, engine_->metrics(), caller.operation,
                           statement->fingerprint(), backoff.attempt()};
    try {
      const auto lease = acquire(deadline, caller, &statement->fingerprint());
      auto rows = lease->execute({*statement, params, timeout}, deadline);
      record.succeeded(rows.affected_rows());
      return rows;
    } catch (const Error& error) {
      const auto chance = retry::chance_after(error, work_of(*statement, retrying));
      const auto wait = retrying.policy != nullptr ? backoff.next_wait(chance, deadline.remaining())
                                                   : std::nullopt;
      record.failed(wait.has_value() || caller.patience.has_value());
      if (!wait) {
        throw;
      }
      clock_.sleep_for(*wait);
    } catch (...) {
      record.failed();
      rethrow_naming_database(settings_.database_name);
    }
  }
}

/// A statement of its own is a whole transaction, unless it can commit a part of itself.
retry::Work Executor::work_of(const sql::ParsedStatement& statement, const Retrying& retrying) {
  const auto dialect = engine_->pool().backend().dialect();
  return {.idempotent = retrying.idempotent,
          .whole_transaction = retrying.idempotent || !sql::may_commit(statement, dialect)};
}

void Executor::transaction(const std::function<void(Transaction&)>& body,
                           const TransactionOptions& options, const Caller& caller) {
  const auto timeout = options.timeout.value_or(settings_.timeout);
  try {
    check_timeout(timeout, settings_.database_name);
  } catch (...) {
    OperationRecord{settings_, engine_->metrics(), caller.operation, {}, 1}.failed();
    throw;
  }
  const auto deadline = Deadline::after(timeout);
  retry::Backoff backoff{settings_.retry, retry::random_part};
  for (;;) {
    OperationRecord record{settings_, engine_->metrics(), caller.operation, {}, backoff.attempt()};
    try {
      attempt_transaction(body, options, timeout, deadline, backoff.attempt(), caller);
      record.succeeded(0);
      return;
    } catch (const Error& error) {
      // A read-only transaction changes nothing, so that it may run again after a lost connection.
      auto chance =
          retry::chance_after(error, {.idempotent = options.read_only, .whole_transaction = true});
      if (chance == retry::Chance::connection && !options.read_only) {
        chance = retry::Chance::none;
      }
      const auto wait =
          options.retry_conflicts ? backoff.next_wait(chance, deadline.remaining()) : std::nullopt;
      record.failed(wait.has_value() || caller.patience.has_value());
      if (!wait) {
        throw;
      }
      clock_.sleep_for(*wait);
    } catch (...) {
      record.failed();
      throw;
    }
  }
}

void Executor::attempt_transaction(const std::function<void(Transaction&)>& body,
                                   const TransactionOptions& options, milliseconds timeout,
                                   const Deadline& deadline, int attempt, const Caller& caller) {
  Session session{*engine_, settings_, acquire(deadline, caller), deadline, attempt};
  session.begin(options, timeout);
  try {
    const pool::TransactionMark mark{engine_->pool()};
    session.run(body);
  } catch (...) {
    session.roll_back();
    throw;
  }
  try {
    session.commit();
  } catch (const CommitUnknownError& error) {
    resolve(error.facts(), session, deadline, caller);
  } catch (const TransactionError& error) {
    if (!session.met_conflict()) {
      throw;
    }
    // The callable swallowed the conflict; the server did not.
    auto facts = error.facts();
    facts.sqlstate = "40001";
    facts.transient = true;
    throw TransactionError(error.what(), -1, facts);
  }
}

void Executor::resolve(ErrorFacts facts, Session& session, const Deadline& deadline,
                       const Caller& caller) {
  const auto trace = session.leave_trace();
  if (!trace) {
    throw;
  }
  OperationRecord record{settings_, engine_->metrics(), "commit_inquiry", {}, 1};
  const auto look = [&](bool end_it) {
    return acquire(deadline, caller)->fate_of(*trace, end_it, deadline);
  };
  const auto fate = find_fate(look, clock_, deadline);
  switch (fate) {
    case backend::Fate::committed:
      record.found("committed", false);
      return;
    case backend::Fate::rolled_back: {
      record.found("rolled_back", false);
      facts.sqlstate = kRolledBack;
      facts.transient = true;
      facts.outcome_unknown = false;
      throw TransactionError(settings_.database_name +
                                 ": the connection was lost at COMMIT, and the server says that it "
                                 "has rolled the transaction back: nothing of it was applied",
                             -1, std::move(facts));
    }
    case backend::Fate::unknown:
    case backend::Fate::not_told:
    case backend::Fate::under_way:
      break;
  }
  record.found("outcome_unknown", true);
  throw;
}

std::vector<ResultSet> Executor::transaction(const std::vector<flowdb::Statement>& statements,
                                             const TransactionOptions& options,
                                             const Caller& caller) {
  std::vector<ResultSet> results;
  const auto run_all = [&](Transaction& tx) {
    results.clear();
    for (const auto& statement : statements) {
      try {
        results.push_back(tx.execute_query(statement.sql, statement.params));
      } catch (...) {
        rethrow_naming_statement(static_cast<int>(results.size()));
      }
    }
  };
  try {
    transaction(run_all, options, caller);
  } catch (...) {
    rethrow_naming_commit();
  }
  return results;
}

RowStream Executor::stream(std::string_view sql, const Params& params, const Streaming& streaming,
                           const Caller& caller) {
  return RowStream{
      std::make_unique<RowStream::Source>(*this, settings_, sql, params, streaming, caller)};
}

std::uint64_t Executor::bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                    const std::vector<std::vector<Value>>& rows, CallSite site) {
  const auto deadline = Deadline::after(settings_.timeout);
  OperationRecord record{settings_, engine_->metrics(), "bulk_insert", {}, 1};
  try {
    const auto lease = acquire(deadline, {"bulk_insert", site});
    const auto count = lease->bulk_insert(table, columns, rows, deadline);
    record.succeeded(count);
    return count;
  } catch (...) {
    record.failed();
    rethrow_naming_database(settings_.database_name);
  }
}

}  // namespace flowdb
