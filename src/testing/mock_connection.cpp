#include "testing/mock_connection.hpp"

#include <algorithm>
#include <utility>

#include "backend/bulk_rows.hpp"
#include "backend/postgresql/sql_text.hpp"
#include "backend/value_text.hpp"
#include "core/clock.hpp"
#include "result/table.hpp"
#include "testing/mock_cursor.hpp"
#include "testing/mock_errors.hpp"

namespace flowdb::testing {

using backend::ConnectionState;

MockConnection::MockConnection(std::shared_ptr<MockState> state, std::string database_name,
                               bool read_only)
    : server_(std::move(state)),
      database_name_(std::move(database_name)),
      read_only_(read_only),
      read_only_transaction_(read_only) {}

ResultSet MockConnection::execute(const backend::Request& request, const Deadline& deadline) {
  backend::check_single_statement(request.statement, database_name_);
  return execute_one(request.statement, request.params, deadline);
}

std::unique_ptr<backend::Cursor> MockConnection::open_cursor(const backend::Request& request,
                                                             const Deadline& deadline) {
  return std::make_unique<MockCursor>(execute(request, deadline));
}

std::uint64_t MockConnection::execute_batch(const sql::ParsedStatement& statement,
                                            const std::vector<Params>& params,
                                            const Deadline& deadline) {
  backend::check_single_statement(statement, database_name_);
  std::uint64_t affected = 0;
  for (const auto& set : params) {
    affected += execute_one(statement, set, deadline).affected_rows();
  }
  return affected;
}

std::uint64_t MockConnection::bulk_insert(std::string_view table,
                                          const std::vector<std::string>& columns,
                                          const std::vector<std::vector<Value>>& rows,
                                          const Deadline& deadline) {
  Call call;
  call.sql = backend::postgresql::copy_statement(table, columns);
  call.rows = rows;
  backend::check_bulk_rows(columns, rows);
  const auto all = result::affected_only(rows.size());
  return run(std::move(call), Access::writes, all, deadline).affected_rows();
}

void MockConnection::run_script(std::string_view text, const Deadline& deadline) {
  const auto savepoint_commands = parse_savepoint_script(text);
  if (!savepoint_commands) {
    run({.sql = std::string{text}}, Access::may_write, result::affected_only(0), deadline);
    return;
  }
  require_connection();
  try {
    for (const auto& command : *savepoint_commands) {
      apply(command);
    }
  } catch (const QueryError& error) {
    fail(error);
    throw;
  }
}

ResultSet MockConnection::execute_one(const sql::ParsedStatement& statement, const Params& params,
                                      const Deadline& deadline) {
  using sql::StatementKind;
  backend::bind_numbered(statement, params, binding_);
  const auto kind = statement.kind();
  const bool changes = kind == StatementKind::definition ||
                       (kind == StatementKind::write && statement.verb() != "EXPLAIN");
  const auto access = kind == StatementKind::read ? Access::reads
                      : changes                   ? Access::writes
                                                  : Access::may_write;
  return run({.sql = statement.source(), .params = params}, access, result::affected_only(0),
             deadline);
}

ResultSet MockConnection::run(Call call, Access access, const ResultSet& usual,
                              const Deadline& deadline) {
  require_connection();
  call.in_transaction = in_transaction();
  server_->record(call);
  try {
    auto rows = answer(call, access, usual, deadline);
    if (is_notify(call)) {
      notify(call);
    }
    return rows;
  } catch (const std::exception& error) {
    fail(error);
    throw;
  }
}

ResultSet MockConnection::answer(const Call& call, Access access, const ResultSet& usual,
                                 const Deadline& deadline) {
  require_healthy_transaction();
  if (read_only_transaction_ && access == Access::writes) {
    throw_refused(database_name_, "the transaction is read-only and the statement writes", "25006");
  }
  const auto scripted = server_->answer_for(call);
  if (!scripted && server_->is_strict()) {
    throw_unexpected(database_name_, call);
  }
  const auto answer = scripted.value_or(Answer{});
  wait(answer, call, deadline);
  switch (answer.kind) {
    case Answer::Kind::disconnect_before:
      throw_not_sent(database_name_);
    case Answer::Kind::disconnect_after:
      // What a SELECT calls may write, too, unless the server lets nothing be written.
      throw_lost(database_name_, call, access != Access::reads,
                 !in_transaction() && !(access == Access::reads && read_only_));
    case Answer::Kind::result:
      break;
  }
  return answer.compute ? answer.compute(call) : usual;
}

void MockConnection::wait(const Answer& answer, const Call& call, const Deadline& deadline) const {
  auto& clock = Clock::system();
  clock.sleep_for(std::min<std::chrono::nanoseconds>(answer.delay, deadline.remaining()));
  if (deadline.has_passed()) {
    throw_timeout(database_name_, call);
  }
}

void MockConnection::apply(const SavepointCommand& command) {
  using Action = SavepointCommand::Action;
  if (!in_transaction()) {
    throw_refused(database_name_, "a savepoint is only possible within a transaction", "25P01");
  }
  if (command.action != Action::roll_back_to) {
    require_healthy_transaction();
  }
  if (command.action == Action::set) {
    savepoints_.push_back(command.name);
    return;
  }
  const auto latest = std::find(savepoints_.rbegin(), savepoints_.rend(), command.name);
  if (latest == savepoints_.rend()) {
    throw_refused(database_name_, "there is no savepoint of that name", "3B001");
  }
  const auto behind = latest.base();
  if (command.action == Action::release) {
    savepoints_.erase(behind - 1, savepoints_.end());
  } else {
    savepoints_.erase(behind, savepoints_.end());
    state_ = ConnectionState::in_transaction;
  }
}

void MockConnection::begin(const TransactionOptions& options, std::chrono::milliseconds,
                           const Deadline&) {
  require_connection();
  require_healthy_transaction();
  state_ = ConnectionState::in_transaction;
  read_only_transaction_ = read_only_ || options.read_only;
}

void MockConnection::commit(const Deadline&) {
  require_connection();
  if (server_->take_lost_commit()) {
    lose();
    throw_commit_lost(database_name_);
  }
  const auto before = state_;
  const auto notifications = std::move(notifications_);
  end_transaction();
  if (before == ConnectionState::failed_transaction) {
    server_->count_rollback();
    throw_commit_answered_rollback(database_name_);
  }
  server_->count_commit();
  send(notifications);
}

void MockConnection::rollback(const Deadline&) {
  require_connection();
  if (in_transaction()) {
    server_->count_rollback();
  }
  end_transaction();
}

bool MockConnection::reset(const Deadline& deadline) noexcept {
  try {
    rollback(deadline);
    return state() == ConnectionState::idle;
  } catch (...) {
    return false;
  }
}

bool MockConnection::in_transaction() const noexcept {
  return state_ == ConnectionState::in_transaction || state_ == ConnectionState::failed_transaction;
}

void MockConnection::require_connection() const {
  if (is_broken()) {
    throw_not_sent(database_name_);
  }
}

void MockConnection::require_healthy_transaction() const {
  if (state_ == ConnectionState::failed_transaction) {
    throw_refused(database_name_,
                  "an earlier statement of the transaction has failed; nothing is executed until "
                  "it is rolled back, as a whole or to a savepoint",
                  "25P02");
  }
}

void MockConnection::fail(const std::exception& error) noexcept {
  const auto* facts = dynamic_cast<const FailureFacts*>(&error);
  if (dynamic_cast<const ConnectionError*>(&error) != nullptr ||
      dynamic_cast<const CommitUnknownError*>(&error) != nullptr) {
    lose();
  } else if (facts != nullptr && facts->is_outcome_unknown()) {
    state_ = ConnectionState::broken;
  } else if (in_transaction()) {
    state_ = ConnectionState::failed_transaction;
  }
}

void MockConnection::lose() noexcept {
  state_ = ConnectionState::broken;
  lost_ = true;
}

void MockConnection::end_transaction() noexcept {
  state_ = ConnectionState::idle;
  read_only_transaction_ = read_only_;
  savepoints_.clear();
  notifications_.clear();
}

void MockConnection::notify(const Call& call) {
  const auto text = [&](std::string_view name) {
    const auto* value = call.params.find(name);
    return value != nullptr ? backend::value_text(*value) : std::string{};
  };
  notifications_.emplace_back(text("channel"), text("payload"));
  if (!in_transaction()) {
    send(std::exchange(notifications_, {}));
  }
}

void MockConnection::send(const Notifications& notifications) {
  for (const auto& [channel, payload] : notifications) {
    server_->channels().notify(channel, payload);
  }
}

}  // namespace flowdb::testing
