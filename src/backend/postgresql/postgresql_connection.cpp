#include "backend/postgresql/postgresql_connection.hpp"

#include <utility>

#include <soci/soci.h>

#include "backend/postgresql/batch.hpp"
#include "backend/postgresql/column_types.hpp"
#include "backend/postgresql/copy_in.hpp"
#include "backend/postgresql/notices.hpp"
#include "backend/postgresql/postgresql_cursor.hpp"
#include "backend/postgresql/preparing.hpp"
#include "backend/postgresql/read_only_guard.hpp"
#include "backend/postgresql/row_reader.hpp"
#include "backend/postgresql/sql_text.hpp"
#include "sql/transaction_effect.hpp"

namespace flowdb::backend::postgresql {
namespace {

/// So much of an answer may be in memory twice, as libpq has it and as flowdb keeps it.
constexpr std::size_t kSmallAnswer = 64 * 1024;

/// Reads one statement's answer.
ResultSet collect(StatementRun& run, PreparedStatements::Statement* prepared) {
  auto result = run.next();
  if (result == nullptr || PQnfields(result.get()) == 0) {
    const auto count = result != nullptr ? affected_rows(result.get()) : 0;
    run.finish();
    return result::affected_only(count);
  }
  auto columns = columns_of(result.get());
  RowReader reader{result.get(), columns};
  result::TableBuilder table{std::move(columns), reader.encoding()};
  ResultHandle last;
  while (result != nullptr) {
    reader.append(result.get(), table);
    last = std::move(result);
    result = run.next();
  }
  if (prepared != nullptr) {
    prepared->has_small_answer = table.memory() <= kSmallAnswer;
  }
  return table.finish(affected_rows(last.get()));
}

}  // namespace

PostgresqlConnection::PostgresqlConnection(soci::session& session, PGconn* handle,
                                           std::shared_ptr<const ServerIdentity> identity,
                                           const Deadline& deadline)
    : session_(session),
      identity_(std::move(identity)),
      flow_name_(identity_->flow_name),
      statements_(identity_->statement_cache_size) {
  link_.handle = handle;
  link_.identity = identity_.get();
  receive_notices(link_);
  PQsetnonblocking(handle, 1);
  pin_session_settings(deadline);
}

PostgresqlConnection::~PostgresqlConnection() {
  try {
    session_.close();
  } catch (...) {
    // The session's destructor frees it; there is nothing else to save.
  }
}

ErrorContext PostgresqlConnection::context(std::string_view operation) const {
  return {identity_->database_name, identity_->password, operation};
}

bool PostgresqlConnection::in_transaction() const noexcept {
  return PQtransactionStatus(link_.handle) != PQTRANS_IDLE;
}

void PostgresqlConnection::check_statement(const sql::ParsedStatement& statement) const {
  check_single_statement(statement, identity_->database_name);
  if (identity_->read_only || (in_transaction() && link_.read_only_transaction)) {
    check_stays_read_only(statement,
                          {identity_->database_name, identity_->read_only, in_transaction()});
  }
}

/// Outside a transaction a SELECT commits, too, and what it calls may write: never guessed from its
/// text.
Effect PostgresqlConnection::effect_of(const sql::ParsedStatement& statement) const {
  if (in_transaction()) {
    return Effect::none;
  }
  if (statement.kind() == sql::StatementKind::read) {
    return identity_->read_only ? Effect::none : Effect::query;
  }
  return sql::may_commit(statement, sql::postgresql_dialect()) ? Effect::procedure : Effect::write;
}

/// Not behind SET or LOCK: the question takes the transaction's snapshot, which those must precede.
bool PostgresqlConnection::wants_transaction_id(const sql::ParsedStatement& statement) const {
  using sql::StatementKind;
  const auto kind = statement.kind();
  return link_.watch.wants_id() && state() == ConnectionState::in_transaction &&
         (kind == StatementKind::read || kind == StatementKind::write ||
          kind == StatementKind::definition ||
          sql::may_commit(statement, sql::postgresql_dialect()));
}

ErrorContext PostgresqlConnection::statement_context(std::string_view operation,
                                                     const sql::ParsedStatement& statement) const {
  auto result = context(operation);
  result.fingerprint = statement.fingerprint();
  result.has_other_values = in_transaction() && has_bound_values_;
  return result;
}

PostgresqlConnection::Started PostgresqlConnection::start(const Request& request, Expect expect,
                                                          const Deadline& deadline) {
  check_statement(request.statement);
  bind_numbered(request.statement, request.params, binding_);
  parameters_.assign(binding_.values);
  adjust_session(request.timeout, deadline);
  touched_ = touched_ || request.statement.touches_session();
  auto error_context = statement_context("query", request.statement);
  error_context.params = &request.params;
  has_bound_values_ = has_bound_values_ || !request.params.empty();
  auto* const prepared = prepare(request, expect, error_context, deadline);
  error_context.by_name = prepared != nullptr;
  auto run = send(request, error_context, prepared, expect, deadline);
  if (prepared == nullptr || !run.is_refused_as_out_of_date()) {
    return {std::move(run), prepared};
  }
  statements_.retire_all();
  if (in_transaction()) {
    return {std::move(run), nullptr};  // which has failed, and may run again as a whole
  }
  error_context.by_name = false;
  return {send(request, error_context, nullptr, expect, deadline), nullptr};
}

PreparedStatements::Statement* PostgresqlConnection::prepare(const Request& request, Expect expect,
                                                             const ErrorContext& context,
                                                             const Deadline& deadline) {
  if (request.one_off || !is_worth_preparing(request.statement.kind())) {
    return nullptr;
  }
  auto* statement =
      statements_.use(*binding_.text, parameters_.type_list(), expect == Expect::many_rows);
  if (statement == nullptr) {
    return nullptr;
  }
  if (!statement->prepared) {
    postgresql::prepare(link_, *statement, request.statement.kind(), context, deadline);
  }
  return statement->is_lasting ? statement : nullptr;
}

StatementRun PostgresqlConnection::send(const Request& request, const ErrorContext& context,
                                        const PreparedStatements::Statement* prepared,
                                        Expect expect, const Deadline& deadline) {
  StatementRun run{link_, context, effect_of(request.statement), deadline};
  const auto& p = parameters_;
  const auto send = [&] {
    return prepared != nullptr
               ? PQsendQueryPrepared(link_.handle, prepared->name.c_str(), p.count(), p.values(),
                                     p.lengths(), p.formats(), prepared->result_format)
               : PQsendQueryParams(link_.handle, binding_.text->c_str(), p.count(), p.types(),
                                   p.values(), p.lengths(), p.formats(), 0);
  };
  if (wants_transaction_id(request.statement)) {
    run.sent_with_question(send);
  } else {
    run.sent(send());
  }
  if (expect == Expect::many_rows || prepared == nullptr || !prepared->has_small_answer) {
    PQsetSingleRowMode(link_.handle);
  }
  return run;
}

ResultSet PostgresqlConnection::execute(const Request& request, const Deadline& deadline) {
  auto [run, prepared] = start(request, Expect::few_rows, deadline);
  return collect(run, prepared);
}

std::unique_ptr<Cursor> PostgresqlConnection::open_cursor(const Request& request,
                                                          const Deadline& deadline) {
  auto started = start(request, Expect::many_rows, deadline);
  return std::make_unique<PostgresqlCursor>(link_, std::move(started.run));
}

std::uint64_t PostgresqlConnection::execute_batch(const sql::ParsedStatement& statement,
                                                  const std::vector<Params>& params,
                                                  const Deadline& deadline) {
  check_statement(statement);
  adjust_session(link_.server_timeout, deadline);
  touched_ = touched_ || statement.touches_session();
  has_bound_values_ = true;
  auto error_context = statement_context("execute_batch", statement);
  return run_batch(link_, statements_, error_context, statement, params, deadline);
}

std::uint64_t PostgresqlConnection::bulk_insert(std::string_view table,
                                                const std::vector<std::string>& columns,
                                                const std::vector<std::vector<Value>>& rows,
                                                const Deadline& deadline) {
  // A shorter limit of an earlier call must not strike; the deadline is kept on this side.
  const bool too_short = link_.server_timeout > std::chrono::milliseconds::zero() &&
                         link_.server_timeout < deadline.remaining();
  adjust_session(too_short ? std::chrono::milliseconds::zero() : link_.server_timeout, deadline);
  const auto effect = in_transaction() ? Effect::none : Effect::write;
  has_bound_values_ = true;
  auto error_context = context("bulk_insert");
  error_context.has_other_values = true;
  return copy_in(link_, error_context, effect, table, columns, rows, deadline);
}

void PostgresqlConnection::run_simple(std::string_view text, std::string_view operation,
                                      Effect effect, const Deadline& deadline) {
  StatementRun run{link_, context(operation), effect, deadline};
  run.sent(PQsendQuery(link_.handle, std::string{text}.c_str()));
  run.finish();
}

void PostgresqlConnection::run_script(std::string_view text, const Deadline& deadline) {
  run_simple(text, "script", in_transaction() ? Effect::none : Effect::write, deadline);
}

void PostgresqlConnection::run_copy(std::string_view statement, std::string_view data,
                                    const Deadline& deadline) {
  const auto effect = in_transaction() ? Effect::none : Effect::write;
  copy_in(link_, context("COPY"), effect, statement, data, deadline);
}

}  // namespace flowdb::backend::postgresql
