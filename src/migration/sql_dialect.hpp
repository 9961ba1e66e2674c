#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/error.hpp>
#include <flowdb/options.hpp>

#include "backend/connection.hpp"
#include "migration/session_facts.hpp"
#include "sql/dialect.hpp"
#include "sql/script.hpp"

namespace flowdb::migration {

/// Something in a script that cannot be run, and what to do about it.
struct Objection {
  std::size_t offset = 0;
  std::string text;
};

/// What is being done with the history's table.
enum class HistoryTask { look_for, create, read, write };

/// What is known of an error behind a script's last statement.
struct LateFailure {
  const sql::ScriptStatement* statement = nullptr;  ///< the one to blame; null: not known
  std::string note;                                 ///< for the error's text
};

class NonTransactional;

/// What migrations say to one kind of server, and read from its errors. Everything else about them
/// is the same everywhere. Stateless, thread-safe.
class SqlDialect {
 public:
  virtual ~SqlDialect() = default;

  virtual sql::Dialect lexical() const noexcept = 0;

  // -- The session of a run

  /// A query for one row: server_database, schema_name (NULL when there is no current schema) and
  /// user_name, quoted where SQL needs that; has_table, whether the schema has a schema_version,
  /// has_flyway and has_pyway, the same for those tools' tables, and has_adopted for `:adopted`, a
  /// table's name or an empty text.
  virtual const char* session_question() const = 0;
  virtual std::string no_schema_advice(const SessionFacts& session) const = 0;
  /// Before a migration's transaction, in a session as after connecting.
  virtual void prepare(backend::Connection& connection) const = 0;
  /// Behind a script's last statement, within the transaction: what would fail at COMMIT fails
  /// here, and nothing that the script has set reaches the history row.
  virtual void settle(backend::Connection& connection) const = 0;
  /// Between the scripts of one transaction: takes back what they have set for the session.
  virtual void reset_in_transaction(backend::Connection& /*connection*/) const {}
  /// Asks once, within a transaction, for the lock under which the table of that name (as SQL
  /// writes it) may be changed: the transaction's own, exclusive, waited for no longer than ten
  /// seconds.
  virtual bool try_lock(backend::Connection& connection, std::string_view history_table) const = 0;
  /// Within a transaction: its statements wait no longer for a lock.
  virtual void limit_lock_waits(backend::Connection& connection,
                                std::chrono::milliseconds longest) const = 0;
  /// The transaction was rolled back for the sake of others, and may well succeed another time: a
  /// lock was not free in time, a deadlock, a serialization failure.
  virtual bool is_worth_another_try(const ErrorFacts& facts) const noexcept = 0;

  // -- The history's table, named as SQL writes it

  virtual std::string history_definition(const std::string& table) const = 0;
  /// Whether there is a table `:name`, as has_table.
  virtual const char* table_question() const = 0;
  /// Whether the current schema has no schema_version, but something else that no extension has
  /// brought: one cell.
  virtual const char* schema_question() const = 0;
  /// Adds a row and gives it back with the columns that reading it gives. Parameters: version_rank,
  /// version, description, type, script, checksum, execution_time, success.
  virtual std::string history_insertion(const std::string& table) const = 0;
  /// What to do about the server's refusal; empty when nothing better than its own words is known.
  virtual std::string history_advice(HistoryTask task, const std::string& table,
                                     const ErrorFacts& facts,
                                     const SessionFacts& session) const = 0;

  // -- Scripts

  /// What is sent as one message each: a statement, or a batch. \throws sql::LexicalError.
  virtual std::vector<sql::ScriptStatement> split(std::string_view script) const = 0;
  /// What of it cannot run, in order: it would end the migration's transaction, cannot run in one,
  /// or is a client's command.
  virtual std::vector<Objection> objections(
      std::string_view script, const std::vector<sql::ScriptStatement>& statements) const = 0;

  /// False: the script has statements that the server refuses in a transaction. What does not go
  /// with such statements in one script is among the objections.
  virtual bool is_transactional(std::string_view /*script*/,
                                const std::vector<sql::ScriptStatement>& /*statements*/) const {
    return true;
  }
  /// How such scripts are run; null where they are objected to.
  virtual const NonTransactional* non_transactional() const noexcept { return nullptr; }
  /// The locks on relations that the session holds, as `object`, `mode` and `id` (of the relation);
  /// empty where that cannot be asked.
  virtual std::string locks_question() const { return {}; }
  /// The ids of all relations there are now, as `id`.
  virtual std::string relations_question() const { return {}; }

  // -- Failures of a script

  /// Offset in the script of what the server complains about.
  virtual std::size_t failure_offset(std::string_view script, const sql::ScriptStatement& statement,
                                     const ErrorFacts& facts) const = 0;
  virtual LateFailure late_failure(std::string_view script,
                                   const std::vector<sql::ScriptStatement>& statements,
                                   const ErrorFacts& facts) const = 0;
  /// In which routines it happened; where the script itself has one, with its line there.
  virtual std::vector<std::string> contexts(std::string_view script, const std::string& script_name,
                                            const std::vector<sql::ScriptStatement>& statements,
                                            const ErrorFacts& facts) const = 0;
  /// What to do about a statement that begins with the word `verb`; empty when nothing better than
  /// the server's own words is known.
  virtual std::string advice(const ErrorFacts& facts, std::string_view verb,
                             const SessionFacts& session) const = 0;
  /// The script has ended the transaction that it ran in: what it did before that may stay.
  virtual bool has_ended_transaction(const ErrorFacts& facts) const noexcept = 0;
};

/// The dialect of that kind of server; the mock has PostgreSQL's. Lives as long as the process.
const SqlDialect& sql_dialect(DatabaseType type) noexcept;

/// The columns of the history, in the order in which it is read.
inline constexpr const char* kHistoryColumns =
    "version_rank, installed_rank, version, description, type, script, checksum, installed_by, "
    "installed_on, execution_time, success";

}  // namespace flowdb::migration
