#include "transaction/session.hpp"

#include <flowdb/error.hpp>

#include "transaction/failure_naming.hpp"
#include "transaction/operation_record.hpp"
#include "transaction/retry.hpp"

namespace flowdb {
namespace {

/// How far undoing may go beyond the deadline that made it necessary.
constexpr std::chrono::milliseconds kRollbackGrace{150};

/// While it lives, the holder of the connection is at work.
class Running {
 public:
  explicit Running(pool::Lease& lease) : lease_(lease) { lease_.run_again(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { lease_.rest(); }

 private:
  pool::Lease& lease_;
};

std::uint64_t rows_of(const ResultSet& rows) {
  return rows.affected_rows();
}
std::uint64_t rows_of(std::uint64_t count) {
  return count;
}

}  // namespace

template <class Call>
auto Session::noting_conflicts(const Call& call) {
  try {
    return call();
  } catch (const Error& error) {
    const auto chance = retry::chance_after(error, {.whole_transaction = true});
    met_conflict_ = met_conflict_ || chance == retry::Chance::conflict;
    throw;
  }
}

template <class Call>
auto Session::recorded(std::string_view operation, std::string_view fingerprint, const Call& call) {
  const Running running{lease_};
  OperationRecord record{settings_, engine_.metrics(), operation, fingerprint, attempt_};
  try {
    auto result = noting_conflicts(call);
    record.succeeded(rows_of(result));
    return result;
  } catch (...) {
    // A warning: it is for the callable, and then for the transaction, to say what comes of it.
    record.failed(true);
    rethrow_naming_database(settings_.database_name);
  }
}

const sql::ParsedStatement& Session::take(std::string_view sql, std::string_view operation) {
  OperationRecord record{settings_, engine_.metrics(), operation, {}, attempt_};
  try {
    auto statement = engine_.statements().get(sql);
    lease_.run(statement->fingerprint());
    statement_ = std::move(statement);  // the former one goes when nobody refers to it any more
    return *statement_;
  } catch (...) {
    record.failed(true);
    rethrow_naming_database(settings_.database_name);
  }
}

void Session::begin(const TransactionOptions& options, std::chrono::milliseconds timeout) {
  lease_->begin(options, timeout, deadline_);
}

void Session::run(const std::function<void(Transaction&)>& body) {
  Transaction transaction{*this, attempt_};
  lease_.rest();
  body(transaction);
  lease_.run_again();
}

void Session::commit() {
  lease_->commit(deadline_);
}

std::optional<backend::TransactionTrace> Session::leave_trace() {
  auto trace = lease_->trace_of_commit();
  lease_.give_back();
  return trace;
}

void Session::roll_back() noexcept {
  try {
    const auto state = lease_->state();
    if (state == backend::ConnectionState::in_transaction ||
        state == backend::ConnectionState::failed_transaction) {
      lease_->rollback(deadline_.plus(kRollbackGrace));
    }
  } catch (...) {
    // The connection is broken now and will be closed, which rolls back as well.
  }
}

ResultSet Session::execute_query(std::string_view sql, const Params& params) {
  constexpr auto kOperation = "transaction.execute_query";
  const auto& statement = take(sql, kOperation);
  return recorded(kOperation, statement.fingerprint(), [&] {
    return lease_->execute({statement, params, {}}, deadline_);
  });
}

std::uint64_t Session::execute_batch(std::string_view sql, const std::vector<Params>& params) {
  constexpr auto kOperation = "transaction.execute_batch";
  const auto& statement = take(sql, kOperation);
  return recorded(kOperation, statement.fingerprint(),
                  [&] { return lease_->execute_batch(statement, params, deadline_); });
}

std::uint64_t Session::bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                                   const std::vector<std::vector<Value>>& rows) {
  return recorded("transaction.bulk_insert", {},
                  [&] { return lease_->bulk_insert(table, columns, rows, deadline_); });
}

void Session::savepoint(const std::function<void()>& body) {
  const std::string name = "flowdb_" + std::to_string(++savepoints_);
  noting_conflicts([&] { lease_->set_savepoint(name, deadline_); });
  try {
    body();
  } catch (...) {
    roll_back_to(name);
    throw;
  }
  noting_conflicts([&] { lease_->release_savepoint(name, deadline_); });
}

void Session::roll_back_to(const std::string& savepoint) noexcept {
  try {
    lease_->roll_back_to_savepoint(savepoint, deadline_);
    met_conflict_ = false;  // whatever it was, it is undone
  } catch (...) {
    // Then the transaction stays aborted, and its COMMIT will say so.
  }
}

ResultSet Transaction::execute_query(std::string_view sql, const Params& params) {
  return session_.execute_query(sql, params);
}

std::uint64_t Transaction::execute_batch(std::string_view sql, const std::vector<Params>& params) {
  return session_.execute_batch(sql, params);
}

std::uint64_t Transaction::bulk_insert(std::string_view table,
                                       const std::vector<std::string>& columns,
                                       const std::vector<std::vector<Value>>& rows) {
  return session_.bulk_insert(table, columns, rows);
}

void Transaction::run_savepoint(const std::function<void(Transaction&)>& body) {
  session_.savepoint([&] { body(*this); });
}

int Transaction::attempt() const noexcept {
  return attempt_;
}

}  // namespace flowdb
