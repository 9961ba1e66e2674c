#include "migration/postgresql/non_transactional.hpp"

#include <flowdb/error.hpp>

#include "migration/lock.hpp"
#include "migration/postgresql/inspection.hpp"
#include "migration/postgresql/statement_rule.hpp"
#include "sql/statement.hpp"

namespace flowdb::migration::postgresql {

namespace {

ResultSet ask(backend::Connection& connection, const char* text, const Params& params) {
  const sql::ParsedStatement statement{text, sql::postgresql_dialect()};
  return connection.execute({.statement = statement, .params = params, .one_off = true},
                            Deadline::never());
}

}  // namespace

bool PostgresqlNonTransactional::try_lock(backend::Connection& connection,
                                          std::string_view history_table) const {
  return ask(connection, "SELECT pg_try_advisory_lock(CAST(:key AS bigint)) AS is_locked",
             {{"key", lock_key(history_table)}})
      .scalar<bool>();
}

void PostgresqlNonTransactional::unlock(backend::Connection& connection,
                                        std::string_view history_table) const {
  ask(connection, "SELECT pg_advisory_unlock(CAST(:key AS bigint)) AS was_locked",
      {{"key", lock_key(history_table)}});
}

std::string PostgresqlNonTransactional::progress_definition(const std::string& table) const {
  return "CREATE TABLE " + table +
         " (version VARCHAR(50) NOT NULL,"
         " statement INTEGER NOT NULL,"
         " checksum INTEGER NOT NULL,"
         " state VARCHAR(10) NOT NULL,"
         " changed_on TIMESTAMP NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),"
         " PRIMARY KEY (version, statement))";
}

const char* PostgresqlNonTransactional::table_question() const {
  return "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
         " ON n.oid = c.relnamespace WHERE c.relname = 'schema_version_progress'"
         " AND quote_ident(n.nspname) || '.' || quote_ident(c.relname) = CAST(:name AS text))"
         " AS has_table";
}

bool PostgresqlNonTransactional::is_of_session(std::string_view script,
                                               const sql::ScriptStatement& statement) const {
  return rule_of(script, statement) == StatementRule::session;
}

Inspection PostgresqlNonTransactional::inspect(backend::Connection& connection,
                                               std::string_view script,
                                               const sql::ScriptStatement& statement) const {
  const auto question =
      inspection_of(script.substr(statement.begin, statement.end - statement.begin));
  if (question.sql.empty()) return {question.otherwise, question.advice};
  try {
    // `is_there` and `is_broken`, or no row.
    const auto answer = ask(connection, question.sql.c_str(), question.params);
    const bool is_there = !answer.empty() && answer[0]["is_there"].as<bool>();
    const bool is_broken = !answer.empty() && answer[0]["is_broken"].as<bool>();
    if (is_broken) return {Inspection::Outcome::broken, question.advice};
    return {is_there == question.makes ? Inspection::Outcome::done : Inspection::Outcome::not_done};
  } catch (const QueryError&) {
    return {Inspection::Outcome::unknown, question.advice};
  }
}

std::vector<std::string> PostgresqlNonTransactional::leftovers(
    backend::Connection& connection) const {
  const auto rows =
      ask(connection,
          "SELECT CAST(CAST(indexrelid AS regclass) AS text) AS name FROM pg_catalog.pg_index"
          " WHERE NOT indisvalid ORDER BY 1",
          {});
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    const auto name = row["name"].as<std::string>();
    lines.push_back("The index " + name +
                    " is INVALID; if a statement of this script has left it, remove it: DROP INDEX "
                    "CONCURRENTLY " +
                    name + ";");
  }
  return lines;
}

std::string PostgresqlNonTransactional::pooler_advice(const std::string& database_name) const {
  return "a statement of it cannot run in a transaction, so that its lock belongs to a session, "
         "and "
         "between here and the server of '" +
         database_name +
         "' stands a pooler: in transaction mode it would leave the lock with a session that "
         "others "
         "use. Run the migrations over a connection to the server itself; or, if the pooler is in "
         "session mode, say so with MigrationOptions::pooler_keeps_sessions.";
}

}  // namespace flowdb::migration::postgresql
