// What SqlserverConnection does with transactions and savepoints: T-SQL, whose answers prove it.
#include <utility>

#include <flowdb/error.hpp>

#include "backend/sqlserver/error_numbers.hpp"
#include "backend/sqlserver/session_sql.hpp"
#include "backend/sqlserver/sqlserver_connection.hpp"

namespace flowdb::backend::sqlserver {

void SqlserverConnection::begin(const TransactionOptions& options, std::chrono::milliseconds,
                                const Deadline& deadline) {
  std::string text;
  if (options.isolation != isolation_) {
    text = std::string{isolation_statement(options.isolation)} + "; ";
  }
  // Whatever becomes of the answer: the next transaction says what it wants.
  const auto before = std::exchange(isolation_, options.isolation);
  try {
    run_batch_text(link_, context("BEGIN TRANSACTION"), Effect::preparation,
                   text + "BEGIN TRANSACTION", deadline);
  } catch (...) {
    touched_ = touched_ || before != isolation_;
    throw;
  }
  link_.transaction = TransactionState::open;
  rolls_back_ = options.read_only || opener_->identity().read_only;
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
    throw TransactionError(
        std::string{error.what()} +
            " The server had rolled the transaction back, unless a statement of it was "
            "COMMIT or ROLLBACK.",
        -1, std::move(facts));
  }
  link_.transaction = TransactionState::none;
}

void SqlserverConnection::rollback(const Deadline& deadline) {
  try {
    run_batch_text(link_, context("ROLLBACK"), Effect::clean_up, "ROLLBACK TRANSACTION", deadline);
  } catch (const QueryError& error) {
    if (error.native_code() != kNoTransactionToRollBack) {
      link_.broken = true;
      throw;
    }
    // The server was faster: a deadlock's victim, for example.
  } catch (...) {
    link_.broken = true;
    throw;
  }
  link_.transaction = TransactionState::none;
  rolls_back_ = false;
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
