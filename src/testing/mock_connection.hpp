#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backend/binding.hpp"
#include "backend/connection.hpp"
#include "testing/mock_state.hpp"
#include "testing/savepoint_script.hpp"

namespace flowdb::testing {

/// A session of the scripted server. Keeps the state that a session of PostgreSQL would have:
/// transaction, savepoints, aborted transaction, broken connection.
class MockConnection final : public backend::Connection {
 public:
  MockConnection(std::shared_ptr<MockState> state, std::string database_name, bool read_only);

  ResultSet execute(const backend::Request& request, const Deadline& deadline) override;
  std::unique_ptr<backend::Cursor> open_cursor(const backend::Request& request,
                                               const Deadline& deadline) override;
  std::uint64_t execute_batch(const sql::ParsedStatement& statement,
                              const std::vector<Params>& params, const Deadline& deadline) override;
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows,
                            const Deadline& deadline) override;
  void run_script(std::string_view text, const Deadline& deadline) override;

  void begin(const TransactionOptions& options, std::chrono::milliseconds timeout,
             const Deadline& deadline) override;
  void commit(const Deadline& deadline) override;
  void rollback(const Deadline& deadline) override;

  backend::ConnectionState state() const noexcept override { return state_; }
  bool is_lost() const noexcept override { return lost_; }
  bool seems_alive() noexcept override { return !is_broken(); }
  bool ping(const Deadline&) noexcept override { return !is_broken(); }
  void mark_session_touched() noexcept override {}
  bool is_clean() noexcept override { return state_ == backend::ConnectionState::idle; }
  bool reset(const Deadline& deadline) noexcept override;
  bool abandon(const Deadline&) noexcept override { return true; }

 private:
  using Notifications = std::vector<std::pair<std::string, std::string>>;  // channel, payload

  /// What a statement does to the data.
  enum class Access { reads, may_write, writes };

  ResultSet execute_one(const sql::ParsedStatement& statement, const Params& params,
                        const Deadline& deadline);
  /// Records the call and answers it by script.
  ResultSet run(Call call, Access access, const ResultSet& usual, const Deadline& deadline);
  ResultSet answer(const Call& call, Access access, const ResultSet& usual,
                   const Deadline& deadline);
  void wait(const Answer& answer, const Call& call, const Deadline& deadline) const;
  void apply(const SavepointCommand& command);

  bool in_transaction() const noexcept;
  bool is_broken() const noexcept { return state_ == backend::ConnectionState::broken; }
  void require_connection() const;
  void require_healthy_transaction() const;
  /// What an error makes of the session.
  void fail(const std::exception& error) noexcept;
  void lose() noexcept;
  void end_transaction() noexcept;
  /// As the server does: at once outside of a transaction, else with its COMMIT.
  void notify(const Call& call);
  void send(const Notifications& notifications);

  std::shared_ptr<MockState> server_;
  std::string database_name_;
  bool read_only_;              // every transaction is
  bool read_only_transaction_;  // this one is
  bool lost_ = false;
  backend::ConnectionState state_ = backend::ConnectionState::idle;
  std::vector<std::string> savepoints_;
  Notifications notifications_;
  backend::Binding binding_;
};

}  // namespace flowdb::testing
