#pragma once

#include <chrono>
#include <optional>
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

/// Whose history it is.
struct HistoryPlace {
  const SqlDialect& dialect;
  std::string database_name;
  std::string adopt_table = {};  ///< see MigrationOptions
};

/// The table schema_version in the connection's current schema, as last seen. Always names the
/// schema: a script may change the search path. Where there is none, but another tool's history,
/// its rows are those of that history as create() would take it over.
///
/// Every call may throw MigrationError when the server refuses a statement, with the GRANT that
/// helps; and what a Connection throws when it is lost or the deadline passes.
class History {
 public:
  /// Looks who and where the connection is and whether there is a table: one round trip.
  History(backend::Connection& connection, const HistoryPlace& place, const CallLimits& limits);

  const SessionFacts& session() const noexcept { return session_; }
  const std::string& table() const noexcept { return table_; }  ///< `public.schema_version`
  bool exists() const noexcept { return exists_; }
  /// The other tool's table, when there is one and none of flowdb's.
  const std::optional<std::string>& foreign_table() const noexcept { return foreign_table_; }
  /// In the order in which they were installed.
  const std::vector<HistoryRow>& rows() const noexcept { return rows_; }
  /// Something that is no extension's stands in the schema, but neither tool's history.
  bool is_schema_in_use();

  /// Reads the rows: one round trip, none when there is no table.
  void read();
  /// To be called under the lock: reads again what other runners have changed meanwhile. True when
  /// the rows are others than before.
  bool refresh();
  /// What was done in a transaction that has been rolled back is not known any more: refresh().
  void doubt();
  /// Under the lock, when there is no table: creates it, with the rows of another tool's history if
  /// there is one.
  void create();

  /// Adds the migration's row, within the transaction that has run it. A former run of a repeatable
  /// script is kept as a former row.
  const HistoryRow& add(const MigrationFile& file, std::chrono::milliseconds execution_time,
                        bool success = true);
  const HistoryRow& add_baseline(const Version& version, const std::string& description);
  /// The undo script has run: its own row, and the undone migration's becomes a former one.
  const HistoryRow& add_undo(const MigrationFile& file, const HistoryRow& undone,
                             std::chrono::milliseconds execution_time);
  /// The row with that installed_rank has finished after all.
  const HistoryRow& complete(int installed_rank, const MigrationFile& file,
                             std::chrono::milliseconds execution_time);
  void remove(int installed_rank);
  void mark_deleted(int installed_rank);
  /// Takes over the file's description, type, script and checksum.
  void realign(int installed_rank, const MigrationFile& file);

 private:
  struct NewRow;
  bool look_for_table();
  std::vector<HistoryRow> read_foreign();
  const HistoryRow& insert(NewRow row);
  /// The ranks of this version and of those above it, each up or down by one.
  void shift_ranks(int version_rank, int by);
  /// Frees the row's version and its place in version order.
  void make_former(HistoryRow& row, const std::string& type, bool close_gap);
  HistoryRow& row_of(int installed_rank);
  ResultSet query(HistoryTask task, const std::string& text, const Params& params = {});
  [[noreturn]] void fail(HistoryTask task, const QueryError& error);

  backend::Connection& connection_;
  const SqlDialect& dialect_;
  CallLimits limits_;
  SessionFacts session_;
  std::string table_;
  bool exists_ = false;
  std::optional<std::string> foreign_table_;
  std::vector<HistoryRow> rows_;
};

}  // namespace flowdb::migration
