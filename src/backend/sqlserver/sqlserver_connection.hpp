#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/connection.hpp"
#include "backend/sqlserver/call.hpp"
#include "backend/sqlserver/link.hpp"
#include "backend/sqlserver/parameter.hpp"
#include "backend/sqlserver/session_opener.hpp"
#include "backend/sqlserver/statement_text.hpp"
#include "backend/sqlserver/statement_words.hpp"

namespace flowdb::backend::sqlserver {

/// A connection that works on the HDBC of a soci::session. The session belongs to the backend's
/// soci::connection_pool and is closed by the destructor.
class SqlserverConnection final : public Connection {
 public:
  /// Opens the session. \throws what SessionOpener::open() throws.
  SqlserverConnection(soci::session& session, std::shared_ptr<const SessionOpener> opener,
                      const Deadline& deadline);
  SqlserverConnection(const SqlserverConnection&) = delete;
  SqlserverConnection& operator=(const SqlserverConnection&) = delete;
  ~SqlserverConnection() override;

  ResultSet execute(const Request& request, const Deadline& deadline) override;
  std::unique_ptr<Cursor> open_cursor(const Request& request, const Deadline& deadline) override;
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
  void set_savepoint(const std::string& name, const Deadline& deadline) override;
  void roll_back_to_savepoint(const std::string& name, const Deadline& deadline) override;
  /// SQL Server knows no such thing: a savepoint lasts until the transaction ends, or until one of
  /// the same name is set.
  void release_savepoint(const std::string&, const Deadline&) override {}

  ConnectionState state() const noexcept override;
  bool is_lost() const noexcept override { return link_.lost; }
  bool seems_alive() noexcept override { return link_.socket->looks_alive(); }
  bool ping(const Deadline& deadline) noexcept override;
  void mark_session_touched() noexcept override { touched_ = true; }
  bool reset(const Deadline& deadline) noexcept override;
  bool abandon(const Deadline& deadline) noexcept override;
  soci::session* soci_session() noexcept override { return &session_; }

 private:
  void open(const Deadline& deadline);
  bool reset_by_driver(const Deadline& deadline);
  /// Runs a statement's work; on a read-only database that is not in a transaction, in one of its
  /// own, which is rolled back: SQL Server has no other way to refuse writes.
  ResultSet taking_back(const Deadline& deadline, const std::function<ResultSet()>& run);
  void begin_read_only(const Deadline& deadline);
  /// Rolls back. False: a statement had ended the transaction that was begun, and what it or
  /// another had changed before may have been committed.
  bool take_back(const Deadline& deadline);
  bool take_back_quietly(const Deadline& deadline) noexcept;
  int run_refusable(std::string_view text, const Deadline& deadline);
  [[noreturn]] void throw_ended_elsewhere() const;
  [[noreturn]] void rethrow_ended_elsewhere() const;
  /// Checks the statement and writes its text; returns its parameters.
  std::vector<Parameter> prepare(const sql::ParsedStatement& statement, const Params& params);
  void send(Call& call, std::vector<Parameter>& parameters);
  Effect effect_of(const sql::ParsedStatement& statement) const;
  void refuse_in_failed_transaction() const;
  void refuse_write(std::string_view verb) const;
  /// Refuses what must not run here, and notes what it may do to the session.
  void check_statement(const sql::ParsedStatement& statement);
  ErrorContext context(std::string_view operation, std::string_view text = {}) const;
  ErrorContext context_of(const Request& request, std::string_view operation) const;

  soci::session& session_;
  std::shared_ptr<const SessionOpener> opener_;
  Link link_;
  BoundText bound_;
  StatementWords words_;  // of the statement checked last
  IsolationLevel isolation_ = IsolationLevel::server_default;
  bool rolls_back_ = false;  // the transaction is read-only: it never commits
  bool calls_ = false;       // a statement of the transaction may have ended it
  bool touched_ = false;
};

}  // namespace flowdb::backend::sqlserver
