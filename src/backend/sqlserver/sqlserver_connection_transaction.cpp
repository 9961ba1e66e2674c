// What SqlserverConnection does with transactions and savepoints: T-SQL, whose answers prove it.
#include <string>
#include <utility>

#include <flowdb/error.hpp>

#include "backend/outcome.hpp"
#include "backend/sqlserver/error_numbers.hpp"
#include "backend/sqlserver/session_sql.hpp"
#include "backend/sqlserver/sqlserver_connection.hpp"
#include "logging/log.hpp"

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::chrono::milliseconds kRollbackGrace{150};
constexpr const char* kRollBack = "ROLLBACK TRANSACTION";
/// A transaction that never commits has a savepoint at its start: that it is still there proves, at
/// the end, that no statement has ended the transaction, or another been begun in its place.
constexpr const char* kMarkReadOnly = "; SAVE TRANSACTION flowdb_read_only";
constexpr const char* kProveReadOnly = "ROLLBACK TRANSACTION flowdb_read_only";
constexpr const char* kEndedElsewhere =
    " has ended the read-only transaction that held it. Do not call a procedure that commits or "
    "rolls back by itself where nothing may be written.";

}  // namespace

void SqlserverConnection::begin(const TransactionOptions& options, std::chrono::milliseconds,
                                const Deadline& deadline) {
  const bool read_only = options.read_only || opener_->identity().read_only;
  std::string text;
  if (options.isolation != isolation_) {
    text = std::string{isolation_statement(options.isolation)} + "; ";
  }
  text += "BEGIN TRANSACTION";
  text += read_only ? kMarkReadOnly : "";
  isolation_ = options.isolation;
  try {
    run_batch_text(link_, context("BEGIN TRANSACTION"), Effect::preparation, text, deadline);
  } catch (...) {
    touched_ = true;  // by what came before the part that was refused
    throw;
  }
  link_.transaction = TransactionState::open;
  rolls_back_ = read_only;
  calls_ = false;
}

void SqlserverConnection::commit(const Deadline& deadline) {
  const auto& name = opener_->identity().database_name;
  if (link_.transaction == TransactionState::failed) {
    rollback(deadline);
    throw TransactionError(name +
                               ": the transaction was rolled back instead of committed, because "
                               "a statement of it had failed",
                           -1, {.database_name = name, .sqlstate = "25P02"});
  }
  if (rolls_back_) {
    rollback(deadline);
    return;
  }
  auto error_context = context("COMMIT");
  error_context.has_other_values = true;
  try {
    run_batch_text(link_, error_context, Effect::commit, "COMMIT TRANSACTION", deadline);
  } catch (const QueryError& error) {
    if (error.native_code() != kNoTransactionToCommit &&
        error.native_code() != kDoomedTransaction) {
      throw;
    }
    auto facts = error.facts();
    if (calls_ && error.native_code() == kNoTransactionToCommit) {
      throw_in_doubt(
          Effect::commit,
          std::string{error.what()} + " A procedure that the transaction called has ended it.",
          std::move(facts));
    }
    throw TransactionError(
        std::string{error.what()} + " The server had rolled the transaction back.", -1,
        std::move(facts));
  }
  link_.transaction = TransactionState::none;
}

void SqlserverConnection::rollback(const Deadline& deadline) {
  // What a statement that succeeded had ended, it may have committed; one that failed may have been
  // what the server rolled back for.
  const bool is_well = link_.transaction == TransactionState::open;
  const bool is_read_only = rolls_back_;
  if (!take_back(deadline) && is_well && is_read_only) {
    throw_ended_elsewhere();
  }
}

bool SqlserverConnection::take_back(const Deadline& deadline) {
  int refused = 0;
  try {
    if (rolls_back_) {
      refused = run_refusable(std::string{kProveReadOnly} + "; " + kRollBack, deadline);
    }
    if (!rolls_back_ || (refused != 0 && refused != kNoTransactionToRollBack)) {
      // Not to the savepoint: another transaction is open, or this one can only go as a whole.
      const auto as_a_whole = run_refusable(kRollBack, deadline);
      refused = refused == 0 ? as_a_whole : refused;
    }
  } catch (...) {
    link_.broken = true;
    throw;
  }
  link_.transaction = TransactionState::none;
  rolls_back_ = false;
  const bool is_gone = refused == kNoTransactionToRollBack || refused == kNoSuchSavepoint;
  const bool ended_elsewhere =
      is_gone && calls_;  // else the server was faster: a deadlock's victim
  if (ended_elsewhere) {
    logging::write(logging::Level::warning,
                   "database=" + opener_->identity().database_name +
                       " a transaction had ended before it was rolled back: a procedure that it "
                       "called may have committed");
  }
  return !ended_elsewhere;
}

/// The number of the error with which the server has refused it, where that is one of a rollback's;
/// 0 for none.
int SqlserverConnection::run_refusable(std::string_view text, const Deadline& deadline) {
  try {
    run_batch_text(link_, context("ROLLBACK"), Effect::clean_up, text, deadline);
    return 0;
  } catch (const QueryError& error) {
    const auto number = error.native_code();
    if (number != kNoTransactionToRollBack && number != kNoSuchSavepoint &&
        number != kNoWayToSavepoint) {
      throw;
    }
    return number;
  }
}

/// For the statement that was checked last.
void SqlserverConnection::begin_read_only(const Deadline& deadline) {
  begin({}, {}, deadline);
  calls_ = words_.calls;
}

ResultSet SqlserverConnection::taking_back(const Deadline& deadline,
                                           const std::function<ResultSet()>& run) {
  if (!opener_->identity().read_only || link_.transaction != TransactionState::none) {
    return run();
  }
  begin_read_only(deadline);
  const auto limit = deadline.plus(kRollbackGrace);
  ResultSet rows;
  try {
    rows = run();
  } catch (...) {
    if (!link_.broken && !take_back_quietly(limit)) {
      rethrow_ended_elsewhere();
    }
    throw;
  }
  rollback(limit);
  return rows;
}

/// A connection that cannot be rolled back is closed, which rolls back as well.
bool SqlserverConnection::take_back_quietly(const Deadline& deadline) noexcept {
  try {
    return take_back(deadline);
  } catch (...) {
    return true;
  }
}

void SqlserverConnection::throw_ended_elsewhere() const {
  const auto& name = opener_->identity().database_name;
  throw_in_doubt(Effect::commit, name + ": a statement" + kEndedElsewhere,
                 {.database_name = name, .sqlstate = "25006"});
}

/// The exception under way, with that in its text.
void SqlserverConnection::rethrow_ended_elsewhere() const {
  try {
    throw;
  } catch (const QueryError& error) {
    if (is_conflict(error.native_code())) {
      throw;  // for which the server itself has rolled back
    }
    throw_in_doubt(Effect::commit, std::string{error.what()} + " It" + kEndedElsewhere,
                   error.facts());
  }
}

void SqlserverConnection::set_savepoint(const std::string& name, const Deadline& deadline) {
  refuse_in_failed_transaction();
  run_batch_text(link_, context("SAVE TRANSACTION"), Effect::none, "SAVE TRANSACTION " + name,
                 deadline);
}

void SqlserverConnection::roll_back_to_savepoint(const std::string& name,
                                                 const Deadline& deadline) {
  // Refused by the server when it has rolled everything back, or when only that is possible.
  run_batch_text(link_, context("ROLLBACK to a savepoint"), Effect::none,
                 "ROLLBACK TRANSACTION " + name, deadline);
  link_.transaction = TransactionState::open;
}

}  // namespace flowdb::backend::sqlserver
