#include "migration/postgresql/postgresql_dialect.hpp"

#include <optional>

#include "migration/lock.hpp"
#include "migration/objections.hpp"
#include "migration/postgresql/advice.hpp"
#include "migration/postgresql/client_command.hpp"
#include "migration/postgresql/failure.hpp"
#include "migration/postgresql/statement_rule.hpp"
#include "sql/statement.hpp"

namespace flowdb::migration::postgresql {

namespace {

/// Behind the last statement: deferred constraints are checked while the error can still name the
/// script, and a role or encoding that the script has set does not reach the history row.
constexpr const char* kSettle =
    "SET CONSTRAINTS ALL IMMEDIATE; RESET SESSION AUTHORIZATION; RESET ROLE;"
    " SET LOCAL client_encoding = 'UTF8'";

/// A server looks whether its client still lives only when it has something to say. So that the
/// lock of a runner that was killed in a long statement is free soon, it looks every second.
/// https://www.postgresql.org/docs/15/runtime-config-connection.html
constexpr const char* kWatchClient = "SET client_connection_check_interval = 1000";

std::string needed_privilege(HistoryTask task, const std::string& table,
                             const SessionFacts& session) {
  switch (task) {
    case HistoryTask::look_for:
      return "USAGE ON SCHEMA " + (session.schema.empty() ? "public" : session.schema);
    case HistoryTask::create:
      return "CREATE ON SCHEMA " + session.schema;
    case HistoryTask::read:
      return "SELECT ON TABLE " + table;
    case HistoryTask::write:
      break;
  }
  return "SELECT, INSERT, UPDATE ON TABLE " + table;
}

std::optional<std::string> objection_to(std::string_view script,
                                        const sql::ScriptStatement& statement) {
  switch (rule_of(script, statement)) {
    case StatementRule::transactional:
      return std::nullopt;
    case StatementRule::transaction_control:
      return transaction_control_objection(statement.verb);
    case StatementRule::non_transactional:
      return non_transactional_objection(
          statement.verb,
          "use its transactional form (without CONCURRENTLY) if it has one, or run it");
    case StatementRule::client_copy:
      return "COPY: nobody would read what it sends in a migration; remove it.";
    case StatementRule::client_command:
      return client_command_objection(statement.verb);
  }
  return std::nullopt;
}

}  // namespace

const char* PostgresqlDialect::session_question() const {
  return "SELECT quote_ident(current_database()) AS server_database,"
         " quote_ident(current_schema()) AS schema_name,"
         " quote_ident(current_user) AS user_name,"
         " to_regclass(quote_ident(current_schema()) || '.schema_version') IS NOT NULL"
         " AS has_table";
}

std::string PostgresqlDialect::no_schema_advice(const SessionFacts& session) const {
  return "no schema of its search_path exists and may be used. " +
         grant_advice("USAGE ON SCHEMA public", session);
}

void PostgresqlDialect::prepare(backend::Connection& connection) const {
  try {
    connection.run_script(kWatchClient, Deadline::never());
  } catch (const QueryError&) {
    // A server before 14, or on Windows: it notices at the end of the statement.
  }
}

void PostgresqlDialect::settle(backend::Connection& connection) const {
  connection.run_script(kSettle, Deadline::never());
}

bool PostgresqlDialect::try_lock(backend::Connection& connection,
                                 std::string_view history_table) const {
  static const sql::ParsedStatement statement{
      "SELECT pg_try_advisory_xact_lock(CAST(:key AS bigint)) AS is_locked",
      sql::postgresql_dialect()};
  const Params params{{"key", lock_key(history_table)}};
  return connection.execute({.statement = statement, .params = params}, Deadline::never())
      .scalar<bool>();
}

std::string PostgresqlDialect::history_definition(const std::string& table) const {
  return "CREATE TABLE " + table +
         " (version_rank INTEGER NOT NULL,"
         " installed_rank INTEGER NOT NULL,"
         " version VARCHAR(50) NOT NULL PRIMARY KEY,"
         " description VARCHAR(200) NOT NULL,"
         " type VARCHAR(20) NOT NULL,"
         " script VARCHAR(1000) NOT NULL,"
         " checksum INTEGER,"
         " installed_by VARCHAR(100) NOT NULL,"
         " installed_on TIMESTAMP NOT NULL DEFAULT NOW(),"
         " execution_time INTEGER NOT NULL,"
         " success BOOLEAN NOT NULL)";
}

const char* PostgresqlDialect::table_question() const {
  return "SELECT to_regclass(:name) IS NOT NULL AS has_table";
}

std::string PostgresqlDialect::history_insertion(const std::string& table) const {
  return "INSERT INTO " + table + " (" + kHistoryColumns +
         ") VALUES (:version_rank, (SELECT coalesce(max(installed_rank), 0) + 1 FROM " + table +
         "), :version, :description, :type, :script, :checksum, current_user,"
         " clock_timestamp() AT TIME ZONE 'UTC', :execution_time, true) RETURNING " +
         kHistoryColumns;
}

std::string PostgresqlDialect::history_replacement(const std::string& table) const {
  return "UPDATE " + table + " SET installed_rank = (SELECT max(installed_rank) + 1 FROM " + table +
         "), description = :description, type = :type, script = :script, checksum = :checksum,"
         " installed_by = current_user, installed_on = clock_timestamp() AT TIME ZONE 'UTC',"
         " execution_time = :execution_time, success = true WHERE version = :version RETURNING " +
         kHistoryColumns;
}

std::string PostgresqlDialect::history_advice(HistoryTask task, const std::string& table,
                                              const ErrorFacts& facts,
                                              const SessionFacts& session) const {
  if (facts.sqlstate == "42501") {
    return grant_advice(needed_privilege(task, table, session), session);
  }
  if (facts.sqlstate == "42703") return kForeignTableAdvice;
  return advice_for(facts, {}, session);
}

std::vector<sql::ScriptStatement> PostgresqlDialect::split(std::string_view script) const {
  return sql::split_script(script, sql::postgresql_dialect());
}

std::vector<Objection> PostgresqlDialect::objections(
    std::string_view script, const std::vector<sql::ScriptStatement>& statements) const {
  std::vector<Objection> found;
  for (const auto& statement : statements) {
    if (auto text = objection_to(script, statement)) {
      found.push_back({statement.begin, *std::move(text)});
    }
  }
  return found;
}

std::size_t PostgresqlDialect::failure_offset(std::string_view script,
                                              const sql::ScriptStatement& statement,
                                              const ErrorFacts& facts) const {
  return postgresql::failure_offset(script, statement, facts);
}

LateFailure PostgresqlDialect::late_failure(std::string_view script,
                                            const std::vector<sql::ScriptStatement>& statements,
                                            const ErrorFacts& facts) const {
  return postgresql::late_failure(script, statements, facts);
}

std::vector<std::string> PostgresqlDialect::contexts(
    std::string_view script, const std::string& script_name,
    const std::vector<sql::ScriptStatement>& statements, const ErrorFacts& facts) const {
  return postgresql::contexts(script, script_name, statements, facts);
}

std::string PostgresqlDialect::advice(const ErrorFacts& facts, std::string_view verb,
                                      const SessionFacts& session) const {
  return advice_for(facts, verb, session);
}

}  // namespace flowdb::migration::postgresql
