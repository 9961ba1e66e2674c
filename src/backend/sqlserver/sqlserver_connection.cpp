#include "backend/sqlserver/sqlserver_connection.hpp"

#include <utility>

#include <flowdb/error.hpp>

#include "backend/binding.hpp"
#include "backend/sqlserver/batch.hpp"
#include "backend/sqlserver/bulk.hpp"
#include "backend/sqlserver/row_reader.hpp"
#include "backend/sqlserver/session_sql.hpp"
#include "backend/sqlserver/sqlserver_cursor.hpp"
#include "core/ascii.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// A new login is worth it only where there is time for one: drivers count it in whole seconds.
constexpr std::chrono::seconds kTimeForLogin{2};

}  // namespace

SqlserverConnection::SqlserverConnection(soci::session& session,
                                         std::shared_ptr<const SessionOpener> opener,
                                         const Deadline& deadline)
    : session_(session), opener_(std::move(opener)) {
  open(deadline);
}

SqlserverConnection::~SqlserverConnection() {
  close_session(session_, link_);
}

void SqlserverConnection::open(const Deadline& deadline) {
  link_ = opener_->open(session_, deadline);
  try {
    run_batch_text(link_, context("setting up the session"), Effect::preparation,
                   session_settings(opener_->identity().read_only), deadline);
  } catch (...) {
    close_session(session_, link_);  // or the slot could never be opened again
    throw;
  }
  isolation_ = IsolationLevel::server_default;
  rolls_back_ = false;
  calls_ = false;
  touched_ = false;
}

ErrorContext SqlserverConnection::context(std::string_view operation, std::string_view text) const {
  const auto& identity = opener_->identity();
  ErrorContext context{identity.database_name, identity.password, operation};
  context.text = text;
  return context;
}

ErrorContext SqlserverConnection::context_of(const Request& request,
                                             std::string_view operation) const {
  auto result = context(operation, *bound_.text);
  result.fingerprint = request.statement.fingerprint();
  result.params = &request.params;
  return result;
}

/// Outside a transaction a SELECT commits, too, and what it calls may write: never guessed from its
/// text.
Effect SqlserverConnection::effect_of(const sql::ParsedStatement& statement) const {
  if (link_.transaction != TransactionState::none) {
    return Effect::none;
  }
  if (statement.kind() == sql::StatementKind::other || words_.calls ||
      !words_.transaction.empty()) {
    return Effect::procedure;
  }
  return statement.kind() == sql::StatementKind::read ? Effect::query : Effect::write;
}

/// The server would go on with a transaction in which a statement has failed; flowdb does not.
void SqlserverConnection::refuse_in_failed_transaction() const {
  if (link_.transaction == TransactionState::failed) {
    const auto& name = opener_->identity().database_name;
    throw QueryError(name +
                         ": a statement of this transaction has failed, so that no other is "
                         "executed: roll back to a savepoint, or leave the transaction",
                     {.database_name = name, .sqlstate = "25P02", .phase = Phase::sent});
  }
}

/// What is plainly a write is refused here, in PostgreSQL's words and with its SQLSTATE; of what
/// else a statement may change, nothing stays.
void SqlserverConnection::refuse_write(std::string_view verb) const {
  const auto& identity = opener_->identity();
  if (identity.read_only || rolls_back_) {
    throw QueryError(identity.database_name + ": " + to_upper(verb) + " is refused, because " +
                         (identity.read_only ? "the database is read-only by configuration"
                                             : "the transaction is read-only"),
                     {.database_name = identity.database_name, .sqlstate = "25006"});
  }
}

void SqlserverConnection::check_statement(const sql::ParsedStatement& statement) {
  const auto& identity = opener_->identity();
  check_single_statement(statement, identity.database_name);
  refuse_in_failed_transaction();
  const bool is_definition = statement.kind() == sql::StatementKind::definition;
  if (is_definition || statement.kind() == sql::StatementKind::write) {
    refuse_write(statement.verb());
  }
  words_ = words_of(statement);
  if (!words_.write.empty() && !is_definition) {
    refuse_write(words_.write);
  }
  // In a definition they are those of its body.
  const bool in_transaction = link_.transaction != TransactionState::none || identity.read_only;
  if (in_transaction && !words_.transaction.empty() && !is_definition) {
    refuse_transaction_control(words_.transaction, identity.database_name);
  }
  calls_ = calls_ || words_.calls;
  touched_ = touched_ || leaves_traces(statement, words_);
}

std::vector<Parameter> SqlserverConnection::prepare(const sql::ParsedStatement& statement,
                                                    const Params& params) {
  check_statement(statement);
  bind_places(statement, params, bound_);
  std::vector<Parameter> parameters(bound_.values.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].assign(*bound_.values[i], opener_->family());
  }
  return parameters;
}

void SqlserverConnection::send(Call& call, std::vector<Parameter>& parameters) {
  SQLUSMALLINT number = 0;
  for (auto& parameter : parameters) {
    call.check(parameter.bind(call.statement(), ++number));
  }
  call.execute(*bound_.text);
}

ResultSet SqlserverConnection::execute(const Request& request, const Deadline& deadline) {
  auto parameters = prepare(request.statement, request.params);
  return taking_back(deadline, [&] {
    Call call{link_, context_of(request, "query"), effect_of(request.statement), deadline};
    send(call, parameters);
    return read_answer(call);
  });
}

std::unique_ptr<Cursor> SqlserverConnection::open_cursor(const Request& request,
                                                         const Deadline& deadline) {
  auto parameters = prepare(request.statement, request.params);
  SqlserverCursor::AtEnd at_end;
  if (opener_->identity().read_only && link_.transaction == TransactionState::none) {
    begin_read_only(deadline);  // a stream that is not read to its end leaves it to reset()
    at_end = [this](const Deadline& of_last_block) { rollback(of_last_block); };
  }
  auto call = std::make_unique<Call>(link_, context_of(request, "query"),
                                     effect_of(request.statement), deadline);
  send(*call, parameters);
  return std::make_unique<SqlserverCursor>(std::move(call), std::move(at_end));
}

std::uint64_t SqlserverConnection::execute_batch(const sql::ParsedStatement& statement,
                                                 const std::vector<Params>& params,
                                                 const Deadline& deadline) {
  check_statement(statement);
  auto error_context = context("execute_batch", statement.text());
  error_context.fingerprint = statement.fingerprint();
  return run_batch(link_, opener_->family(), error_context, statement, params, deadline);
}

std::uint64_t SqlserverConnection::bulk_insert(std::string_view table,
                                               const std::vector<std::string>& columns,
                                               const std::vector<std::vector<Value>>& rows,
                                               const Deadline& deadline) {
  refuse_in_failed_transaction();
  refuse_write("INSERT");
  BulkInsert bulk{table, columns, rows, opener_->family()};
  auto error_context = context("bulk_insert");
  error_context.has_other_values = true;
  if (link_.transaction != TransactionState::none || bulk.is_one_statement()) {
    const auto effect = link_.transaction == TransactionState::none ? Effect::write : Effect::none;
    return bulk.run(link_, error_context, effect, deadline);
  }
  // All of it or nothing.
  begin({}, {}, deadline);
  std::uint64_t count = 0;
  try {
    count = bulk.run(link_, error_context, Effect::none, deadline);
  } catch (...) {
    if (!link_.broken) {
      reset(deadline.plus(std::chrono::milliseconds{150}));
    }
    throw;
  }
  commit(deadline);
  return count;
}

void SqlserverConnection::run_script(std::string_view text, const Deadline& deadline) {
  refuse_in_failed_transaction();
  if (link_.transaction == TransactionState::none) {
    refuse_write("a script");
  }
  const auto effect = link_.transaction == TransactionState::none ? Effect::write : Effect::none;
  run_batch_text(link_, context("script", text), effect, text, deadline);
}

ConnectionState SqlserverConnection::state() const noexcept {
  if (link_.broken || link_.socket->is_shut()) {
    return ConnectionState::broken;
  }
  if (link_.busy) {
    return ConnectionState::busy;
  }
  switch (link_.transaction) {
    case TransactionState::none:
      return ConnectionState::idle;
    case TransactionState::open:
      return ConnectionState::in_transaction;
    case TransactionState::failed:
      break;
  }
  return ConnectionState::failed_transaction;
}

bool SqlserverConnection::ping(const Deadline& deadline) noexcept {
  try {
    run_batch_text(link_, context("ping"), Effect::preparation, "SELECT 1", deadline);
    return true;
  } catch (...) {
    return false;
  }
}

bool SqlserverConnection::reset(const Deadline& deadline) noexcept {
  try {
    if (state() == ConnectionState::in_transaction ||
        state() == ConnectionState::failed_transaction) {
      rollback(deadline);
    }
    if (state() == ConnectionState::idle && isolation_ != IsolationLevel::server_default) {
      run_batch_text(link_, context("reset"), Effect::clean_up,
                     isolation_statement(IsolationLevel::server_default), deadline);
      isolation_ = IsolationLevel::server_default;
    }
    if (state() == ConnectionState::idle && touched_ && !reset_by_driver(deadline)) {
      if (deadline.remaining() < kTimeForLogin) {
        return false;
      }
      close_session(session_, link_);
      open(deadline);
    }
    return state() == ConnectionState::idle;
  } catch (...) {
    link_.broken = true;
    return false;
  }
}

/// The server's own reset, which goes with the next statement. FreeTDS cannot ask for it.
bool SqlserverConnection::reset_by_driver(const Deadline& deadline) {
  if (opener_->family() != DriverFamily::microsoft ||
      !SQL_SUCCEEDED(SQLSetConnectAttr(link_.connection, SQL_ATTR_RESET_CONNECTION,
                                       as_pointer(SQL_RESET_CONNECTION_YES), SQL_IS_UINTEGER))) {
    return false;
  }
  run_batch_text(link_, context("reset"), Effect::clean_up,
                 session_settings(opener_->identity().read_only), deadline);
  touched_ = false;
  return true;
}

/// The socket is shut; a server that closes its side in turn has ended the session.
bool SqlserverConnection::abandon(const Deadline& deadline) noexcept {
  return link_.socket->wait_for_end(deadline);
}

}  // namespace flowdb::backend::sqlserver
