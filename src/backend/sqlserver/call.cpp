#include "backend/sqlserver/call.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "backend/outcome.hpp"
#include "backend/sqlserver/error_numbers.hpp"
#include "backend/sqlserver/utf16.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using std::chrono::milliseconds;

/// How long after the deadline a session may be asked whether it is clean.
constexpr milliseconds kProofGrace{200};
/// What is left of an answer that nobody wants is cancelled; the server has so long to agree,
/// within the call's deadline: a busy one needs longer than its network, and a login costs more.
/// The first is for a deadline that has passed.
constexpr milliseconds kShortestClose{50};
constexpr milliseconds kLongestClose{2000};

bool is_dead(SQLHDBC connection) {
  SQLUINTEGER dead = SQL_CD_FALSE;
  SQLGetConnectAttr(connection, SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr);
  return dead == SQL_CD_TRUE;
}

SQLRETURN execute_text(SQLHSTMT statement, std::string_view text) {
  auto wide = to_utf16(text);
  static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));
  return SQLExecDirectW(statement, reinterpret_cast<SQLWCHAR*>(wide.data()),
                        static_cast<SQLINTEGER>(wide.size()));
}

}  // namespace

Call::Call(Link& link, const ErrorContext& context, Effect effect, const Deadline& deadline)
    : link_(link),
      context_(context),
      effect_(effect),
      deadline_(deadline),
      started_(Deadline::Clock::now()) {
  if (deadline.moment() <= started_) {
    throw_too_late(context_);
  }
  arm();
}

Call::~Call() {
  link_.socket->disarm();
  close_statement();
}

/// A COMMIT is not cancelled: what became of it would not be known any better.
void Call::arm() {
  const bool cancels =
      effect_ != Effect::preparation && effect_ != Effect::commit && effect_ != Effect::clean_up;
  link_.socket->arm(cancels ? link_.statement : SQL_NULL_HSTMT, deadline_);
}

void Call::pause() {
  if (link_.socket->disarm()) {
    throw_timeout();
  }
}

void Call::resume(const Deadline& deadline) {
  deadline_ = deadline;
  started_ = Deadline::Clock::now();
  if (deadline.moment() <= started_) {
    throw_timeout();
  }
  arm();
}

Deadline Call::time_to_close() const noexcept {
  const auto now = Deadline::Clock::now();
  return Deadline::at(std::clamp(deadline_.moment(), now + kShortestClose, now + kLongestClose));
}

/// An answer that was not read to its end is cancelled by the driver, which waits for the server.
void Call::close_statement() noexcept {
  if (link_.broken) {
    return;
  }
  if (is_open_) {
    link_.socket->arm(SQL_NULL_HSTMT, time_to_close());
  }
  SQLFreeStmt(link_.statement, SQL_CLOSE);
  if (is_open_ && link_.socket->disarm()) {
    link_.broken = true;
  }
  SQLFreeStmt(link_.statement, SQL_UNBIND);
  SQLFreeStmt(link_.statement, SQL_RESET_PARAMS);
  is_open_ = false;
  link_.busy = false;
}

void Call::execute(std::string_view text) {
  is_open_ = true;
  link_.busy = true;
  check(execute_text(link_.statement, text));
}

void Call::prepare(std::string_view text) {
  auto wide = to_utf16(text);
  check(SQLPrepareW(link_.statement, reinterpret_cast<SQLWCHAR*>(wide.data()),
                    static_cast<SQLINTEGER>(wide.size())));
}

SQLRETURN Call::execute_prepared() {
  is_open_ = true;
  link_.busy = true;
  return SQLExecute(link_.statement);
}

bool Call::fetch() {
  return check(SQLFetch(link_.statement));
}

bool Call::next_result() {
  const bool more = check(SQLMoreResults(link_.statement));
  is_open_ = more;
  return more;
}

void Call::finish() {
  while (next_result()) {
  }
}

bool Call::check(SQLRETURN result) {
  if (link_.socket->was_cut_short()) {
    throw_timeout();
  }
  if (result == SQL_SUCCESS || result == SQL_NO_DATA) {
    return result == SQL_SUCCESS;
  }
  const auto diagnostics = diagnostics_of(SQL_HANDLE_STMT, link_.statement);
  // An error behind the first rows of a block is reported as information on the block.
  if (result != SQL_SUCCESS_WITH_INFO || cause_of(diagnostics) != nullptr) {
    fail(diagnostics);
  }
  return true;
}

void Call::fail(const std::vector<Diagnostic>& diagnostics) {
  const auto* const cause = cause_of(diagnostics);
  const bool lost = std::any_of(diagnostics.begin(), diagnostics.end(), tells_of_lost_connection) ||
                    (cause != nullptr && ends_session(cause->native_code)) ||
                    is_dead(link_.connection);
  if (lost) {
    link_.socket->disarm();
    link_.broken = true;
    link_.lost = !link_.socket->is_shut();
    throw_lost(cause);
  }
  read_rest();
  if (link_.socket->disarm()) {
    link_.broken = true;  // its error is known, but not whether the session is at rest
  }
  fail_transaction();
  const Diagnostic unexplained{"HY000", 0, "the driver gave no reason", 0};
  auto facts = facts_of(cause != nullptr ? *cause : unexplained, context_);
  auto message = message_of(facts, context_);
  if (effect_ == Effect::procedure || facts.native_code == kUnbalancedTransactions) {
    tell_of_partial_commit(message, facts);
  }
  throw_server_error(message, facts);
}

/// What the server has still to say, and what is left of the batch: the driver cancels that. The
/// first error is the one that counts.
void Call::read_rest() noexcept {
  SQLFreeStmt(link_.statement, SQL_CLOSE);
  is_open_ = false;
  link_.busy = false;
  if (is_dead(link_.connection)) {
    link_.broken = true;
    link_.lost = !link_.socket->is_shut();
  }
}

void Call::fail_transaction() noexcept {
  if (link_.transaction == TransactionState::open) {
    link_.transaction = TransactionState::failed;
  }
}

void Call::throw_lost(const Diagnostic* cause) {
  ErrorFacts facts;
  if (cause != nullptr) {
    facts = facts_of(*cause, context_);
  }
  facts.database_name = context_.database_name;
  backend::throw_lost(effect_, message_of(facts, context_), facts);
}

/// The cancellation was acknowledged and the session answers: it may be used again. Within a
/// transaction it can only be rolled back.
bool Call::is_proven_clean() noexcept {
  link_.socket->arm(SQL_NULL_HSTMT, deadline_.plus(kProofGrace));
  SQLFreeStmt(link_.statement, SQL_CLOSE);
  SQLFreeStmt(link_.statement, SQL_UNBIND);
  SQLFreeStmt(link_.statement, SQL_RESET_PARAMS);
  forget_arrays(link_.statement);
  SQLINTEGER open_transactions = -1;
  SQLLEN indicator = 0;
  const bool answered =
      SQL_SUCCEEDED(execute_text(link_.statement, "SELECT @@TRANCOUNT")) &&
      SQL_SUCCEEDED(SQLFetch(link_.statement)) &&
      SQL_SUCCEEDED(SQLGetData(link_.statement, 1, SQL_C_SLONG, &open_transactions,
                               sizeof(open_transactions), &indicator)) &&
      SQLFetch(link_.statement) == SQL_NO_DATA && SQLMoreResults(link_.statement) == SQL_NO_DATA;
  SQLFreeStmt(link_.statement, SQL_CLOSE);
  const bool cut_short = link_.socket->disarm();
  const bool expected = open_transactions == 0 || link_.transaction != TransactionState::none;
  return answered && !cut_short && expected;
}

void Call::throw_timeout() {
  link_.socket->disarm();
  if (link_.socket->is_shut() || !is_proven_clean()) {
    link_.broken = true;
  }
  is_open_ = false;
  link_.busy = false;
  fail_transaction();
  backend::throw_timeout(effect_, context_,
                         link_.broken ? Cancellation::silence : Cancellation::agreed,
                         Deadline::Clock::now() - started_);
}

void forget_arrays(SQLHSTMT statement) noexcept {
  SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, as_pointer(1), 0);
  SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, nullptr, 0);
  SQLSetStmtAttr(statement, SQL_ATTR_ROW_STATUS_PTR, nullptr, 0);
  SQLSetStmtAttr(statement, SQL_ATTR_PARAMSET_SIZE, as_pointer(1), 0);
  SQLSetStmtAttr(statement, SQL_ATTR_PARAM_STATUS_PTR, nullptr, 0);
  SQLSetStmtAttr(statement, SQL_ATTR_PARAMS_PROCESSED_PTR, nullptr, 0);
}

void run_batch_text(Link& link, const ErrorContext& context, Effect effect, std::string_view text,
                    const Deadline& deadline) {
  Call call{link, context, effect, deadline};
  call.execute(text);
  call.finish();
}

}  // namespace flowdb::backend::sqlserver
