// What a session is made of: its settings, its transactions, and the proof that it is clean.
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include <flowdb/run_context.hpp>

#include "backend/postgresql/fate_inquiry.hpp"
#include "backend/postgresql/postgresql_connection.hpp"
#include "backend/postgresql/sql_text.hpp"
#include "backend/socket_peek.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// So many statements are freed on the server at once.
constexpr std::size_t kWorthARoundTrip = 16;

int process_number(const PGresult* result) {
  const std::string_view text = PQgetvalue(result, 0, 0);
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

void PostgresqlConnection::pin_session_settings(const Deadline& deadline) {
  const auto timeout = std::min(identity_->default_timeout, kLongestStatementTimeout);
  const auto text = session_settings(timeout, identity_->read_only);
  StatementRun run{link_, context("setting up the session"), Effect::preparation, deadline};
  run.sent(PQsendQuery(link_.handle, text.c_str()));
  int server_process = 0;
  bool may_ask_for_fate = false;
  for (auto result = run.next(); result != nullptr; result = run.next()) {
    if (PQntuples(result.get()) == 1) {
      server_process = process_number(result.get());
      may_ask_for_fate =
          PQnfields(result.get()) > 1 && std::string_view{PQgetvalue(result.get(), 0, 1)} == "t";
    }
  }
  is_behind_pooler_ = server_process != PQbackendPID(link_.handle);
  if (is_behind_pooler_) {
    // A pooler stands between: the next transaction may find another server behind it.
    statements_.disable();
  }
  statements_.clear();
  link_.watch.reset(may_ask_for_fate, is_behind_pooler_);
  link_.server_timeout = timeout;
  application_name_.clear();
  reported_settings_.pin(link_.handle);
  touched_ = false;
}

void PostgresqlConnection::deallocate_superfluous(const Deadline& deadline) {
  std::string text;
  for (const auto& name : statements_.superfluous()) {
    text += "DEALLOCATE " + name + ";";
  }
  statements_.forget_superfluous();
  try {
    run_simple(text, "freeing statements", Effect::preparation, deadline);
  } catch (const QueryError&) {
    statements_.clear();  // somebody else has freed them: nothing is known of the others either
  }
}

void PostgresqlConnection::adjust_session(std::chrono::milliseconds timeout,
                                          const Deadline& deadline) {
  if (in_transaction()) {
    return;
  }
  if (statements_.superfluous().size() >= kWorthARoundTrip) {
    deallocate_superfluous(deadline);
  }
  const auto& of_context = RunContext::current_application_name();
  const auto& application_name = of_context.empty() ? flow_name_ : of_context;
  timeout = std::min(timeout, kLongestStatementTimeout);
  std::string text;
  if (timeout != link_.server_timeout) {
    text += "SET statement_timeout = " + std::to_string(timeout.count()) + ";";
  }
  if (application_name != application_name_) {
    text += "SET application_name = " + quote_literal(application_name);
  }
  if (text.empty()) {
    return;
  }
  run_simple(text, "setting up the statement", Effect::preparation, deadline);
  link_.server_timeout = timeout;
  application_name_ = application_name;
}

void PostgresqlConnection::begin(const TransactionOptions& options,
                                 std::chrono::milliseconds timeout, const Deadline& deadline) {
  adjust_session(timeout, deadline);
  run_simple(begin_statement(options), "BEGIN", Effect::preparation, deadline);
  link_.read_only_transaction = options.read_only;
  link_.watch.begin(options.read_only || identity_->read_only);
  has_bound_values_ = false;
}

void PostgresqlConnection::commit(const Deadline& deadline) {
  auto error_context = context("COMMIT");
  error_context.has_other_values = true;
  StatementRun run{link_, error_context, Effect::commit, deadline};
  run.sent(PQsendQuery(link_.handle, "COMMIT"));
  const auto result = run.next();
  run.finish();
  if (result != nullptr && std::string_view{PQcmdStatus(result.get())} != "COMMIT") {
    throw TransactionError(identity_->database_name +
                               ": the server answered COMMIT with ROLLBACK, because a statement of "
                               "the transaction had failed; everything in it was rolled back",
                           -1, {.database_name = identity_->database_name, .sqlstate = "25P02"});
  }
}

void PostgresqlConnection::rollback(const Deadline& deadline) {
  run_simple("ROLLBACK", "ROLLBACK", Effect::clean_up, deadline);
}

ResultHandle PostgresqlConnection::ask(std::string_view question, std::string_view operation,
                                       const Deadline& deadline) {
  StatementRun run{link_, context(operation), Effect::preparation, deadline};
  run.sent(PQsendQuery(link_.handle, std::string{question}.c_str()));
  auto result = run.next();
  run.finish();
  return result;
}

std::optional<TransactionTrace> PostgresqlConnection::trace_of_commit() const {
  return link_.watch.trace();
}

Fate PostgresqlConnection::fate_of(const TransactionTrace& trace, bool end_it,
                                   const Deadline& deadline) {
  return ask_for_fate(link_, context("asking what became of a COMMIT"), trace, end_it, deadline);
}

ConnectionState PostgresqlConnection::state() const noexcept {
  if (link_.broken || link_.cancel_sent || link_.lost_primary ||
      PQstatus(link_.handle) != CONNECTION_OK) {
    return ConnectionState::broken;
  }
  switch (PQtransactionStatus(link_.handle)) {
    case PQTRANS_IDLE:
      return ConnectionState::idle;
    case PQTRANS_INTRANS:
      return ConnectionState::in_transaction;
    case PQTRANS_INERROR:
      return ConnectionState::failed_transaction;
    case PQTRANS_ACTIVE:
      return ConnectionState::busy;
    case PQTRANS_UNKNOWN:
      break;
  }
  return ConnectionState::broken;
}

bool PostgresqlConnection::seems_alive() noexcept {
  return looks_alive(PQsocket(link_.handle));
}

bool PostgresqlConnection::ping(const Deadline& deadline) noexcept {
  try {
    run_simple("", "ping", Effect::preparation, deadline);
    return true;
  } catch (...) {
    return false;
  }
}

bool PostgresqlConnection::is_clean() noexcept {
  return state() == ConnectionState::idle && !touched_ &&
         !reported_settings_.have_changed(link_.handle);
}

bool PostgresqlConnection::reset(const Deadline& deadline) noexcept {
  try {
    if (state() == ConnectionState::in_transaction ||
        state() == ConnectionState::failed_transaction) {
      rollback(deadline);
    }
    if (state() == ConnectionState::idle && !is_clean()) {
      run_simple("DISCARD ALL", "reset", Effect::clean_up, deadline);
      pin_session_settings(deadline);
    }
    return state() == ConnectionState::idle;
  } catch (...) {
    return false;
  }
}

bool PostgresqlConnection::abandon(const Deadline& deadline) noexcept {
  try {
    if (PQtransactionStatus(link_.handle) == PQTRANS_ACTIVE) {
      cancel_in_background(link_.handle);
    }
    return Wire{link_.handle}.drain(deadline) != Readiness::timed_out;
  } catch (...) {
    return false;
  }
}

}  // namespace flowdb::backend::postgresql
