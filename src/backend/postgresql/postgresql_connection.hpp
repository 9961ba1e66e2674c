#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <libpq-fe.h>

#include "backend/binding.hpp"
#include "backend/connection.hpp"
#include "backend/postgresql/errors.hpp"
#include "backend/postgresql/link.hpp"
#include "backend/postgresql/parameters.hpp"
#include "backend/postgresql/prepared_statements.hpp"
#include "backend/postgresql/reported_settings.hpp"
#include "backend/postgresql/statement_run.hpp"

namespace flowdb::backend::postgresql {

/// A connection that works on the PGconn of a soci::session. The session belongs to the backend's
/// soci::connection_pool and is closed by the destructor.
class PostgresqlConnection : public Connection {
 public:
  /// \throws ConnectionError when the session's settings cannot be pinned.
  PostgresqlConnection(soci::session& session, PGconn* handle,
                       std::shared_ptr<const ServerIdentity> identity, const Deadline& deadline);
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;
  ~PostgresqlConnection() override;

  ResultSet execute(const Request& request, const Deadline& deadline) override;
  std::unique_ptr<Cursor> open_cursor(const Request& request, const Deadline& deadline) override;
  std::uint64_t execute_batch(const sql::ParsedStatement& statement,
                              const std::vector<Params>& params, const Deadline& deadline) override;
  std::uint64_t bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                            const std::vector<std::vector<Value>>& rows,
                            const Deadline& deadline) override;
  void run_script(std::string_view text, const Deadline& deadline) override;
  void run_copy(std::string_view statement, std::string_view data,
                const Deadline& deadline) override;

  void begin(const TransactionOptions& options, std::chrono::milliseconds timeout,
             const Deadline& deadline) override;
  void commit(const Deadline& deadline) override;
  void rollback(const Deadline& deadline) override;
  std::optional<TransactionTrace> trace_of_commit() const override;
  Fate fate_of(const TransactionTrace& trace, bool end_it, const Deadline& deadline) override;

  void set_flow_name(const std::string& flow_name) override { flow_name_ = flow_name; }
  ConnectionState state() const noexcept override;
  bool is_lost() const noexcept override {
    return link_.ended_by_server || PQstatus(link_.handle) != CONNECTION_OK;
  }
  bool is_misplaced() const noexcept override { return link_.lost_primary; }
  bool seems_alive() noexcept override;
  bool ping(const Deadline& deadline) noexcept override;
  void mark_session_touched() noexcept override { touched_ = true; }
  bool is_clean() noexcept override;
  bool reset(const Deadline& deadline) noexcept override;
  bool abandon(const Deadline& deadline) noexcept override;
  bool is_behind_pooler() const noexcept override { return is_behind_pooler_; }
  soci::session* soci_session() noexcept override { return &session_; }

 protected:
  /// The first result of a question of this library's own. \throws like execute().
  ResultHandle ask(std::string_view question, std::string_view operation, const Deadline& deadline);
  PGconn* native_handle() const noexcept { return link_.handle; }
  const std::string& database_name() const noexcept { return identity_->database_name; }

 private:
  /// Sends the statement's settings when they differ from the session's: never within a
  /// transaction, whose rollback would take them back.
  void adjust_session(std::chrono::milliseconds timeout, const Deadline& deadline);
  void pin_session_settings(const Deadline& deadline);
  /// Frees on the server what the cache has dropped.
  void deallocate_superfluous(const Deadline& deadline);
  void check_statement(const sql::ParsedStatement& statement) const;
  ErrorContext statement_context(std::string_view operation,
                                 const sql::ParsedStatement& statement) const;
  Effect effect_of(const sql::ParsedStatement& statement) const;
  bool wants_transaction_id(const sql::ParsedStatement& statement) const;
  /// How much of an answer is worth preparing for.
  enum class Expect { few_rows, many_rows };
  struct Started {
    StatementRun run;
    PreparedStatements::Statement* prepared;  ///< null when it was sent as it is
  };
  /// Sends the request; its rows arrive one by one where there may be many.
  Started start(const Request& request, Expect expect, const Deadline& deadline);
  /// The statement that has just been bound, prepared if it was not yet; null when it is to be sent
  /// as it is.
  PreparedStatements::Statement* prepare(const Request& request, Expect expect,
                                         const ErrorContext& context, const Deadline& deadline);
  StatementRun send(const Request& request, const ErrorContext& context,
                    const PreparedStatements::Statement* prepared, Expect expect,
                    const Deadline& deadline);
  void run_simple(std::string_view text, std::string_view operation, Effect effect,
                  const Deadline& deadline);
  ErrorContext context(std::string_view operation) const;
  bool in_transaction() const noexcept;

  soci::session& session_;
  std::shared_ptr<const ServerIdentity> identity_;
  Link link_;
  std::string application_name_;
  std::string flow_name_;
  ReportedSettings reported_settings_;
  Binding binding_;
  Parameters parameters_;
  PreparedStatements statements_;
  bool touched_ = false;
  bool is_behind_pooler_ = false;
  bool has_bound_values_ = false;  // some statement of the transaction
};

}  // namespace flowdb::backend::postgresql
