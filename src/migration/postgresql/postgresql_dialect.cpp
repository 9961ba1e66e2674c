#include "migration/postgresql/postgresql_dialect.hpp"

#include <algorithm>
#include <optional>

#include "migration/lock.hpp"
#include "migration/objections.hpp"
#include "migration/postgresql/advice.hpp"
#include "migration/postgresql/client_command.hpp"
#include "migration/postgresql/failure.hpp"
#include "migration/postgresql/non_transactional.hpp"
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

std::optional<std::string> objection_to(StatementRule rule, const sql::ScriptStatement& statement) {
  switch (rule) {
    case StatementRule::transactional:
    case StatementRule::non_transactional:
    case StatementRule::session:
      return std::nullopt;
    case StatementRule::transaction_control:
      return transaction_control_objection(statement.verb);
    case StatementRule::client_copy:
      return "COPY: nobody would read what it sends in a migration; remove it.";
    case StatementRule::client_command:
      return client_command_objection(statement.verb);
  }
  return std::nullopt;
}

/// What makes the script one whose statements run each for itself; null: none does.
const sql::ScriptStatement* first_non_transactional(
    std::string_view script, const std::vector<sql::ScriptStatement>& statements) {
  const auto found = std::find_if(
      statements.begin(), statements.end(), [&](const sql::ScriptStatement& statement) {
        return rule_of(script, statement) == StatementRule::non_transactional;
      });
  return found == statements.end() ? nullptr : &*found;
}

}  // namespace

const char* PostgresqlDialect::session_question() const {
  return "SELECT quote_ident(current_database()) AS server_database,"
         " quote_ident(current_schema()) AS schema_name,"
         " quote_ident(current_user) AS user_name,"
         " to_regclass(quote_ident(current_schema()) || '.schema_version') IS NOT NULL"
         " AS has_table,"
         " to_regclass(quote_ident(current_schema()) || '.flyway_schema_history') IS NOT NULL"
         " AS has_flyway,"
         " to_regclass(quote_ident(current_schema()) || '.pyway') IS NOT NULL AS has_pyway,"
         " to_regclass(nullif(CAST(:adopted AS text), '')) IS NOT NULL AS has_adopted";
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
  // The next to get this session of the server's would have what the script has set.
  if (connection.is_behind_pooler()) reset_in_transaction(connection);
}

void PostgresqlDialect::reset_in_transaction(backend::Connection& connection) const {
  connection.run_script("RESET ALL", Deadline::never());
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

void PostgresqlDialect::limit_lock_waits(backend::Connection& connection,
                                         std::chrono::milliseconds longest) const {
  auto text = "SET LOCAL lock_timeout = " + std::to_string(longest.count());
  // Which session of the server's this is, and whose timeout it has, nobody knows there.
  if (connection.is_behind_pooler()) text += "; SET LOCAL statement_timeout = 0";
  connection.run_script(text, Deadline::never());
}

bool PostgresqlDialect::is_worth_another_try(const ErrorFacts& facts) const noexcept {
  return facts.sqlstate == "55P03" || facts.sqlstate == "40P01" || facts.sqlstate == "40001";
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

// Not by to_regclass(), which may answer from what the session remembers of before another one's
// COMMIT, since it opens no table: this is asked under the lock.
const char* PostgresqlDialect::table_question() const {
  return "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
         " ON n.oid = c.relnamespace WHERE c.relname = 'schema_version'"
         " AND quote_ident(n.nspname) || '.' || quote_ident(c.relname) = CAST(:name AS text))"
         " AS has_table";
}

const char* PostgresqlDialect::schema_question() const {
  return "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = 'schema_version'"
         " AND relnamespace = n.oid)"
         " AND (EXISTS (SELECT FROM pg_catalog.pg_class o WHERE o.relnamespace = n.oid"
         "   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid"
         "     AND d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.deptype = 'e'))"
         " OR EXISTS (SELECT FROM pg_catalog.pg_proc o WHERE o.pronamespace = n.oid"
         "   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid"
         "     AND d.classid = CAST('pg_catalog.pg_proc' AS regclass) AND d.deptype = 'e'))"
         " OR EXISTS (SELECT FROM pg_catalog.pg_type o WHERE o.typnamespace = n.oid"
         "   AND o.typtype IN ('d', 'e', 'r')"
         "   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid"
         "     AND d.classid = CAST('pg_catalog.pg_type' AS regclass) AND d.deptype = 'e')))"
         " AS is_in_use FROM pg_catalog.pg_namespace n WHERE n.nspname = current_schema()";
}

std::string PostgresqlDialect::history_insertion(const std::string& table) const {
  return "INSERT INTO " + table + " (" + kHistoryColumns +
         ") VALUES (:version_rank, (SELECT coalesce(max(installed_rank), 0) + 1 FROM " + table +
         "), :version, :description, :type, :script, :checksum, current_user,"
         " clock_timestamp() AT TIME ZONE 'UTC', :execution_time, :success) RETURNING " +
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
  const auto* const lonely = first_non_transactional(script, statements);
  std::vector<Objection> found;
  for (const auto& statement : statements) {
    const auto rule = rule_of(script, statement);
    auto text = objection_to(rule, statement);
    if (!text && lonely != nullptr && rule == StatementRule::transactional) {
      text = statement.verb + ": it would run in a transaction, but " + lonely->verb + " in line " +
             std::to_string(lonely->position.line) +
             " cannot, so that each statement of this script runs for itself; put one of the two "
             "into a script of its own.";
    }
    if (text) found.push_back({statement.begin, *std::move(text)});
  }
  return found;
}

bool PostgresqlDialect::is_transactional(
    std::string_view script, const std::vector<sql::ScriptStatement>& statements) const {
  return first_non_transactional(script, statements) == nullptr;
}

const NonTransactional* PostgresqlDialect::non_transactional() const noexcept {
  static const PostgresqlNonTransactional instance;
  return &instance;
}

std::string PostgresqlDialect::locks_question() const {
  return "SELECT l.relation::bigint AS id, CAST(CAST(l.relation AS regclass) AS text) AS object,"
         " l.mode FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation"
         " WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted"
         " AND l.database = (SELECT oid FROM pg_catalog.pg_database"
         "   WHERE datname = current_database())"
         " AND c.relkind <> 't' AND c.relnamespace <> CAST('pg_catalog' AS regnamespace)"
         " AND c.relnamespace <> CAST('pg_toast' AS regnamespace)"
         " AND c.relnamespace <> CAST('information_schema' AS regnamespace) ORDER BY 2, 3";
}

std::string PostgresqlDialect::relations_question() const {
  return "SELECT oid::bigint AS id FROM pg_catalog.pg_class"
         " WHERE relnamespace <> CAST('pg_catalog' AS regnamespace)"
         " AND relnamespace <> CAST('information_schema' AS regnamespace)";
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
