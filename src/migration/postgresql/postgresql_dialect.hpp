#pragma once

#include "migration/sql_dialect.hpp"

namespace flowdb::migration::postgresql {

class PostgresqlDialect final : public SqlDialect {
 public:
  sql::Dialect lexical() const noexcept override { return sql::postgresql_dialect(); }

  const char* session_question() const override;
  std::string no_schema_advice(const SessionFacts& session) const override;
  void prepare(backend::Connection& connection) const override;
  void settle(backend::Connection& connection) const override;
  void reset_in_transaction(backend::Connection& connection) const override;
  bool try_lock(backend::Connection& connection, std::string_view history_table) const override;
  void limit_lock_waits(backend::Connection& connection,
                        std::chrono::milliseconds longest) const override;
  bool is_worth_another_try(const ErrorFacts& facts) const noexcept override;

  std::string history_definition(const std::string& table) const override;
  const char* table_question() const override;
  const char* schema_question() const override;
  std::string history_insertion(const std::string& table) const override;
  std::string history_advice(HistoryTask task, const std::string& table, const ErrorFacts& facts,
                             const SessionFacts& session) const override;

  std::vector<sql::ScriptStatement> split(std::string_view script) const override;
  std::vector<Objection> objections(
      std::string_view script, const std::vector<sql::ScriptStatement>& statements) const override;

  bool is_transactional(std::string_view script,
                        const std::vector<sql::ScriptStatement>& statements) const override;
  const NonTransactional* non_transactional() const noexcept override;
  std::string locks_question() const override;
  std::string relations_question() const override;

  std::size_t failure_offset(std::string_view script, const sql::ScriptStatement& statement,
                             const ErrorFacts& facts) const override;
  LateFailure late_failure(std::string_view script,
                           const std::vector<sql::ScriptStatement>& statements,
                           const ErrorFacts& facts) const override;
  std::vector<std::string> contexts(std::string_view script, const std::string& script_name,
                                    const std::vector<sql::ScriptStatement>& statements,
                                    const ErrorFacts& facts) const override;
  std::string advice(const ErrorFacts& facts, std::string_view verb,
                     const SessionFacts& session) const override;
  /// The server refuses that (2D000).
  bool has_ended_transaction(const ErrorFacts&) const noexcept override { return false; }
};

}  // namespace flowdb::migration::postgresql
