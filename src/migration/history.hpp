#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <flowdb/error.hpp>
#include <flowdb/result_set.hpp>
#include <flowdb/value.hpp>

#include "backend/connection.hpp"
#include "core/deadline.hpp"
#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"
#include "migration/session_facts.hpp"
#include "migration/sql_dialect.hpp"

namespace flowdb::migration {

/// How long the server and the client allow each statement; by default for ever.
struct CallLimits {
  std::chrono::milliseconds timeout{0};
  Deadline deadline = Deadline::never();
};

/// The table schema_version in the connection's current schema, as last seen. Always names the
/// schema: a script may change the search path.
///
/// Every call may throw MigrationError when the server refuses a statement, with the GRANT that
/// helps; and what a Connection throws when it is lost or the deadline passes.
class History {
 public:
  /// Looks who and where the connection is and whether there is a table: one round trip.
  History(backend::Connection& connection, const SqlDialect& dialect, std::string database_name,
          const CallLimits& limits);

  const SessionFacts& session() const noexcept { return session_; }
  const std::string& table() const noexcept { return table_; }  ///< `public.schema_version`
  /// In the order in which they were installed.
  const std::vector<HistoryRow>& rows() const noexcept { return rows_; }

  /// Reads the rows: one round trip, none when there is no table.
  void read();
  /// To be called under the lock: reads again what other runners have changed meanwhile, and
  /// creates the table when there is none. True when the rows are others than before.
  bool refresh();
  /// Adds the migration's row, within the transaction that has run it. The row of a repeatable
  /// script that ran before is brought up to date in its place.
  const HistoryRow& add(const MigrationFile& file, std::chrono::milliseconds execution_time);

 private:
  void create();
  bool look_for_table();
  /// The ranks of this version and of those above it, each up by one.
  void make_room(int version_rank);
  ResultSet query(HistoryTask task, const std::string& text, const Params& params = {});
  [[noreturn]] void fail(HistoryTask task, const QueryError& error);

  backend::Connection& connection_;
  const SqlDialect& dialect_;
  CallLimits limits_;
  SessionFacts session_;
  std::string table_;
  bool exists_ = false;
  std::vector<HistoryRow> rows_;
};

}  // namespace flowdb::migration
