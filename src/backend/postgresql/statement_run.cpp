#include "backend/postgresql/statement_run.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <thread>
#include <utility>

#include "backend/redaction.hpp"

namespace flowdb::backend::postgresql {
namespace {

using std::chrono::milliseconds;

/// How late the server's own timeout may be before the client cancels.
constexpr milliseconds kServerGrace{60};
/// How long after the deadline the answer to a cancellation is waited for.
constexpr milliseconds kCancelGrace{200};
bool is_copy(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

bool is_failure(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ||
         status == PGRES_NONFATAL_ERROR;
}

std::string sqlstate_of(const PGresult* result) {
  const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return code != nullptr ? code : "";
}

}  // namespace

void cancel_in_background(PGconn* connection) {
  try {
    std::thread{[cancel = CancelHandle{PQgetCancel(connection)}] {
      std::array<char, 256> error{};
      if (cancel != nullptr) {
        PQcancel(cancel.get(), error.data(), static_cast<int>(error.size()));
      }
    }}.detach();
  } catch (const std::system_error&) {
    // No thread to be had: the statement ends by the server's own limit, or with the connection.
  }
}

StatementRun::StatementRun(Link& link, ErrorContext context, Effect effect,
                           const Deadline& deadline)
    : link_(link),
      wire_(link.handle),
      context_(context),
      effect_(effect),
      deadline_(deadline),
      current_(deadline),
      started_(Deadline::Clock::now()) {
  link_.standby_wait_broken_off = false;
  if (deadline.moment() <= started_) {
    throw_too_late(context_);
  }
}

void StatementRun::queued(int accepted) {
  if (accepted == 0) {
    // libpq has not sent it to its end, so that the server will not act on it.
    effect_ = Effect::preparation;
    throw_lost();
  }
}

void StatementRun::sent(int accepted) {
  queued(accepted);
  flush();
}

void StatementRun::queue_question() {
  queued(PQsendQueryParams(link_.handle, link_.watch.question(), 0, nullptr, nullptr, nullptr,
                           nullptr, 0));
}

void StatementRun::flush() {
  check(wire_.flush(current_));
}

void StatementRun::put_copy_data(const char* data, std::size_t size) {
  constexpr std::size_t kLargestPiece = std::size_t{1} << 30U;  // libpq counts bytes in an int
  while (size > 0) {
    const auto piece = std::min(size, kLargestPiece);
    check(wire_.put_copy_data(data, static_cast<int>(piece), current_));
    data += piece;
    size -= piece;
  }
}

void StatementRun::abandon_copy() {
  sent(PQputCopyEnd(link_.handle, "the rows could not be written") == 1 ? 1 : 0);
  read_rest();
}

void StatementRun::check(Readiness readiness) {
  if (readiness == Readiness::lost) {
    throw_lost();
  }
  if (readiness == Readiness::timed_out) {
    send_cancel();
    link_.broken = true;
    throw_timeout(Cancellation::silence);
  }
}

void StatementRun::set_deadline(const Deadline& deadline) {
  deadline_ = deadline;
  current_ = deadline;
}

bool StatementRun::is_refused_as_out_of_date() {
  ahead_ = next_unchecked();
  if (!is_failure(ahead_.get()) || !is_out_of_date(ahead_.get())) {
    return false;
  }
  read_rest();
  return true;
}

ResultHandle StatementRun::next_unchecked() {
  if (ahead_ != nullptr) {
    return std::move(ahead_);
  }
  ResultHandle result;
  if (!read(result)) {
    throw_timeout(Cancellation::silence);
  }
  if (PQstatus(link_.handle) == CONNECTION_BAD &&
      (result == nullptr || sqlstate_of(result.get()).empty())) {
    throw_lost();
  }
  const auto status = PQresultStatus(result.get());
  answered_ = answered_ || status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
              status == PGRES_COPY_IN;
  if (result == nullptr && asks_) {
    if (const auto refusal = read_answer_to_question(); refusal != nullptr) {
      fail_after_rest(refusal, context_);
    }
    if (link_.broken && PQstatus(link_.handle) == CONNECTION_OK) {
      throw_timeout(Cancellation::silence);
    }
    if (link_.broken) {
      throw_lost();
    }
  }
  if (result == nullptr && link_.standby_wait_broken_off) {
    throw_unconfirmed();
  }
  return result;
}

ResultHandle StatementRun::read_answer_to_question() {
  asks_ = false;
  ResultHandle refusal;
  ResultHandle result;
  do {
    if (!read(result) || PQstatus(link_.handle) != CONNECTION_OK) {
      link_.broken = true;
      return nullptr;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK) {
      link_.watch.take(result.get());
    } else if (is_failure(result.get())) {
      refusal = std::move(result);
    }
  } while (PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC);
  link_.broken = link_.broken || PQexitPipelineMode(link_.handle) == 0;
  return refusal;
}

bool StatementRun::read(ResultHandle& result) {
  while (wire_.next(result, current_) == Readiness::timed_out) {
    if (!wait_longer()) {
      link_.broken = true;
      return false;
    }
  }
  return true;
}

ResultHandle StatementRun::next() {
  auto result = next_unchecked();
  if (result != nullptr && is_failure(result.get())) {
    fail(result);
  }
  if (result != nullptr && is_copy(result.get())) {
    refuse_copy();
  }
  return result;
}

void StatementRun::begin_copy() {
  auto result = next_unchecked();
  if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) {
    link_.watch.take(result.get());  // the question stood before it
    result = next_unchecked();
  }
  if (result == nullptr || PQresultStatus(result.get()) != PGRES_COPY_IN) {
    auto context = context_;
    context.has_other_values = false;  // no row has been sent: the names are the caller's
    read_rest();
    fail_after_rest(result, context);
  }
}

/// The server waits for data that nobody has, or sends what nobody reads: only closing ends that.
void StatementRun::refuse_copy() {
  link_.broken = true;
  throw QueryError(context_.database_name + ": " + std::string{context_.operation} +
                       " started a COPY, which is not possible here: use bulk_insert() to load "
                       "rows and stream_query() to read them",
                   {.database_name = context_.database_name, .phase = Phase::sent});
}

void StatementRun::finish() {
  while (next() != nullptr) {
  }
}

void StatementRun::fail(const ResultHandle& result) {
  read_rest();
  fail_after_rest(result, context_);
}

void StatementRun::fail_after_rest(const ResultHandle& result, const ErrorContext& context) {
  const auto sqlstate = sqlstate_of(result.get());
  if (sqlstate == "57014" && timed_out_on_server()) {
    throw_timeout(Cancellation::confirmed);
  }
  const bool session_ended =
      is_fatal(result.get()) || PQstatus(link_.handle) != CONNECTION_OK || ends_session(sqlstate);
  auto facts = facts_of(result.get(), context);
  auto message = message_of(facts, context);
  link_.broken = link_.broken || session_ended;
  link_.ended_by_server = link_.ended_by_server || session_ended;
  if (sqlstate == "25006" && is_primary_lost()) {
    link_.lost_primary = true;
    facts.transient = true;
    message += " The server takes no writes any more; the connections to it are replaced.";
  }
  if (session_ended && is_in_doubt(sqlstate)) {
    // The change may be there already, waiting for a standby.
    throw_in_doubt(effect_, message + " The server ended the session.", facts);
  }
  if (effect_ == Effect::procedure) {
    tell_of_partial_commit(message, facts);
  }
  throw_server_error(facts, message, session_ended);
}

/// A write was refused though nothing on this side had asked for that.
bool StatementRun::is_primary_lost() const noexcept {
  const bool is_asked_for =
      link_.read_only_transaction && PQtransactionStatus(link_.handle) != PQTRANS_IDLE;
  return link_.identity->wants_primary && !is_asked_for;
}

/// Of a statement under way, 57P0x says that it was stopped: what had not come to its commit is
/// rolled back. Class 08 is what a pooler says that has lost the server: it knows no more than we
/// do. Anything else may have struck at any time.
bool StatementRun::is_in_doubt(std::string_view sqlstate) const noexcept {
  if (effect_ == Effect::commit || effect_ == Effect::procedure) {
    return true;
  }
  const bool was_stopped = sqlstate.substr(0, 4) == "57P0" && !answered_;
  return is_applied_by_itself(effect_) && !was_stopped;
}

void StatementRun::read_rest() {
  ResultHandle rest;
  do {
    if (!read(rest)) {
      return;
    }
  } while (rest != nullptr && PQstatus(link_.handle) == CONNECTION_OK);
  if (asks_) {
    read_answer_to_question();  // none: the statement has failed, and the transaction with it
  }
}

bool StatementRun::wait_longer() {
  if (effect_ == Effect::preparation || effect_ == Effect::clean_up) {
    return false;  // nothing that is worth cancelling, and nobody has granted it more time
  }
  const auto due = started_ + link_.server_timeout;
  if (stage_ == Stage::waiting && link_.server_timeout > milliseconds::zero() &&
      due <= deadline_.moment() + kServerGrace) {
    stage_ = Stage::server_due;
    current_ = Deadline::at(std::max(due, deadline_.moment()) + kServerGrace);
    return true;
  }
  if (stage_ == Stage::cancelling) {
    return false;
  }
  send_cancel();
  stage_ = Stage::cancelling;
  current_ = deadline_.plus(kCancelGrace);
  return true;
}

void StatementRun::send_cancel() {
  link_.cancel_sent = true;
  cancel_in_background(link_.handle);
}

/// A cancelled statement was ours to time out when the client asked for it, or when it ran for as
/// long as the server had been told to allow. Otherwise an administrator did it.
bool StatementRun::timed_out_on_server() const {
  const auto elapsed = Deadline::Clock::now() - started_;
  const bool limit_reached = link_.server_timeout > milliseconds::zero() &&
                             elapsed + milliseconds{5} >= link_.server_timeout;
  return link_.cancel_sent || limit_reached;
}

void StatementRun::throw_lost() {
  link_.broken = true;
  Redactor redactor;
  redactor.hide_secret(link_.identity->password);
  ErrorFacts facts;
  facts.database_name = context_.database_name;
  facts.server_message = redactor.clean(PQerrorMessage(link_.handle), false);
  backend::throw_lost(effect_, message_of(facts, context_), facts);
}

void StatementRun::throw_unconfirmed() {
  const ErrorFacts facts{
      .database_name = context_.database_name, .outcome_unknown = true, .phase = phase_of(effect_)};
  const auto message =
      context_.database_name + ": " + std::string{context_.operation} +
      " was committed on this server, but the wait for its standby was broken off: should the "
      "standby take over now, the change may be lost. Look at the standby, and at the data before "
      "running it again.";
  if (timed_out_on_server()) {
    throw TimeoutError(message, facts);
  }
  throw CommitUnknownError(message, facts);
}

void StatementRun::throw_timeout(Cancellation cancellation) {
  const bool confirmed = cancellation == Cancellation::confirmed;
  backend::throw_timeout(effect_, context_, cancellation, Deadline::Clock::now() - started_,
                         confirmed ? "57014" : "");
}

}  // namespace flowdb::backend::postgresql
