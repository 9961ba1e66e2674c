#include "migration/sqlserver/sqlserver_dialect.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "migration/lock.hpp"
#include "migration/sqlserver/advice.hpp"
#include "migration/sqlserver/batch_rules.hpp"
#include "migration/sqlserver/failure.hpp"
#include "sql/batches.hpp"
#include "sql/statement.hpp"

namespace flowdb::migration::sqlserver {

namespace {

/// What sp_getapplock answers when somebody else holds the lock, or was preferred to this one.
/// https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-getapplock-transact-sql
constexpr int kTimedOut = -1;
constexpr int kDeadlockVictim = -3;
/// A call that is wrong, which this one is not. Babelfish says so when it gives up on a held lock;
/// at the fifth time in a session it crashes, one reason more to wait in the server.
constexpr int kRefused = -999;

ResultSet ask(backend::Connection& connection, const std::string& text) {
  const sql::ParsedStatement statement{text, sql::sqlserver_dialect()};
  const Params none;
  return connection.execute({.statement = statement, .params = none}, Deadline::never());
}

/// `inserted.version_rank, inserted.installed_rank, …`
std::string output_columns() {
  std::string columns = "inserted.";
  for (const char c : std::string_view{kHistoryColumns}) {
    columns += c;
    if (c == ' ') columns += "inserted.";
  }
  return columns;
}

constexpr const char* kInstalledBy = "LEFT(SUSER_SNAME(), 100)";

}  // namespace

const char* SqlserverDialect::session_question() const {
  return "SELECT QUOTENAME(DB_NAME()) AS server_database,"
         " QUOTENAME(SCHEMA_NAME()) AS schema_name,"
         " QUOTENAME(USER_NAME()) AS user_name,"
         " CAST(CASE WHEN OBJECT_ID(QUOTENAME(SCHEMA_NAME()) + N'.schema_version', N'U') IS NULL"
         " THEN 0 ELSE 1 END AS BIT) AS has_table,"
         " CAST(CASE WHEN OBJECT_ID(QUOTENAME(SCHEMA_NAME()) + N'.flyway_schema_history', N'U')"
         " IS NULL THEN 0 ELSE 1 END AS BIT) AS has_flyway,"
         " CAST(CASE WHEN OBJECT_ID(QUOTENAME(SCHEMA_NAME()) + N'.pyway', N'U') IS NULL"
         " THEN 0 ELSE 1 END AS BIT) AS has_pyway,"
         " CAST(CASE WHEN OBJECT_ID(:adopted, N'U') IS NULL THEN 0 ELSE 1 END AS BIT)"
         " AS has_adopted";
}

std::string SqlserverDialect::no_schema_advice(const SessionFacts& session) const {
  return "its user has no default schema. Have an administrator run: ALTER USER " + session.user +
         " WITH DEFAULT_SCHEMA = dbo;";
}

void SqlserverDialect::prepare(backend::Connection& connection) const {
  // Otherwise most errors end their statement only, and the batch goes on behind it.
  connection.run_script("SET XACT_ABORT ON", Deadline::never());
}

void SqlserverDialect::settle(backend::Connection& connection) const {
  if (ask(connection, "SELECT @@TRANCOUNT AS transactions").scalar<int>() > 0) return;
  ErrorFacts facts;
  facts.native_code = kTransactionEnded;
  facts.phase = Phase::sent;
  facts.server_message = "The transaction is no longer there";
  throw QueryError(facts.server_message, facts);
}

bool SqlserverDialect::try_lock(backend::Connection& connection,
                                std::string_view history_table) const {
  char resource[40];
  std::snprintf(resource, sizeof resource, "flowdb_migrations_%016llx",
                static_cast<unsigned long long>(lock_key(history_table)));
  // It waits for ten seconds: the server hands the lock on in the order of asking, and the waiting
  // hold nothing that others need. No `;` between the statements, which would count as several.
  const auto answer =
      ask(connection, std::string{"DECLARE @answer INT EXEC @answer = sp_getapplock"
                                  " @Resource = N'"} +
                          resource +
                          "', @LockMode = N'Exclusive', @LockOwner = N'Transaction',"
                          " @LockTimeout = 10000 SELECT @answer AS answer")
          .scalar<int>();
  if (answer >= 0) return true;
  if (answer == kTimedOut || answer == kDeadlockVictim || answer == kRefused) return false;
  ErrorFacts facts;
  facts.phase = Phase::sent;
  throw QueryError("sp_getapplock answers " + std::to_string(answer) +
                       " to the question for the lock under which migrations run",
                   facts);
}

void SqlserverDialect::limit_lock_waits(backend::Connection& connection,
                                        std::chrono::milliseconds longest) const {
  connection.run_script("SET LOCK_TIMEOUT " + std::to_string(longest.count()), Deadline::never());
}

bool SqlserverDialect::is_worth_another_try(const ErrorFacts& facts) const noexcept {
  constexpr int kDeadlock = 1205;
  return facts.native_code == kLockTimeout || facts.native_code == kDeadlock;
}

std::string SqlserverDialect::history_definition(const std::string& table) const {
  return "CREATE TABLE " + table +
         " (version_rank INT NOT NULL,"
         " installed_rank INT NOT NULL,"
         " version NVARCHAR(50) NOT NULL PRIMARY KEY,"
         " description NVARCHAR(200) NOT NULL,"
         " type NVARCHAR(20) NOT NULL,"
         " script NVARCHAR(1000) NOT NULL,"
         " checksum INT NULL,"
         " installed_by NVARCHAR(100) NOT NULL,"
         " installed_on DATETIME2(6) NOT NULL DEFAULT SYSUTCDATETIME(),"
         " execution_time INT NOT NULL,"
         " success BIT NOT NULL)";
}

const char* SqlserverDialect::table_question() const {
  return "SELECT CAST(CASE WHEN OBJECT_ID(:name, N'U') IS NULL THEN 0 ELSE 1 END AS BIT)"
         " AS has_table";
}

const char* SqlserverDialect::schema_question() const {
  return "SELECT CAST(CASE WHEN OBJECT_ID(QUOTENAME(SCHEMA_NAME()) + N'.schema_version', N'U')"
         " IS NULL AND EXISTS (SELECT 1 FROM sys.objects WHERE schema_id = SCHEMA_ID()"
         " AND type IN ('U', 'V', 'P', 'FN', 'IF', 'TF', 'SO', 'SN')) THEN 1 ELSE 0 END AS BIT)"
         " AS is_in_use";
}

std::string SqlserverDialect::history_insertion(const std::string& table) const {
  return "INSERT INTO " + table + " (" + kHistoryColumns + ") OUTPUT " + output_columns() +
         " VALUES (:version_rank, (SELECT COALESCE(MAX(installed_rank), 0) + 1 FROM " + table +
         "), :version, :description, :type, :script, :checksum, " + kInstalledBy +
         ", SYSUTCDATETIME(), :execution_time, :success)";
}

std::string SqlserverDialect::history_advice(HistoryTask task, const std::string& table,
                                             const ErrorFacts& facts,
                                             const SessionFacts& session) const {
  return sqlserver::history_advice(task, table, facts, session);
}

std::vector<sql::ScriptStatement> SqlserverDialect::split(std::string_view script) const {
  return sql::split_batches(script);
}

std::vector<Objection> SqlserverDialect::objections(
    std::string_view script, const std::vector<sql::ScriptStatement>& statements) const {
  return objections_to(script, statements);
}

std::size_t SqlserverDialect::failure_offset(std::string_view script,
                                             const sql::ScriptStatement& statement,
                                             const ErrorFacts& facts) const {
  return sqlserver::failure_offset(script, statement, facts);
}

LateFailure SqlserverDialect::late_failure(std::string_view,
                                           const std::vector<sql::ScriptStatement>&,
                                           const ErrorFacts&) const {
  return {};
}

std::vector<std::string> SqlserverDialect::contexts(std::string_view, const std::string&,
                                                    const std::vector<sql::ScriptStatement>&,
                                                    const ErrorFacts& facts) const {
  return facts.context.empty() ? std::vector<std::string>{}
                               : std::vector<std::string>{facts.context};
}

std::string SqlserverDialect::advice(const ErrorFacts& facts, std::string_view,
                                     const SessionFacts& session) const {
  return advice_for(facts, session);
}

bool SqlserverDialect::has_ended_transaction(const ErrorFacts& facts) const noexcept {
  return facts.native_code == kTransactionEnded;
}

}  // namespace flowdb::migration::sqlserver
