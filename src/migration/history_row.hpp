#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "migration/migration_file.hpp"

namespace flowdb::migration {

/// What the column type says; the words are Flyway's. Other tools know other types.
inline constexpr const char* kSqlType = "SQL";
inline constexpr const char* kUndoType = "UNDO_SQL";
inline constexpr const char* kBaselineType = "BASELINE";
inline constexpr const char* kBaselineScriptType = "SQL_BASELINE";
inline constexpr const char* kDeletedType = "DELETED";

/// A row of the history table.
struct HistoryRow {
  int version_rank = 0;    ///< place in version order, from 1; repeatable scripts come last, former
                           ///< rows have 0
  int installed_rank = 0;  ///< place in the order of application, from 1
  std::string version = {};  ///< see history_version() and former_version()
  std::string description = {};
  std::string type = kSqlType;
  std::string script = {};
  std::optional<std::int32_t> checksum = {};
  std::string installed_by = {};
  std::string installed_on = {};  ///< ISO 8601, UTC
  std::chrono::milliseconds execution_time{0};
  bool success = true;
};

/// What the column version, the table's primary key, holds for a migration. Of a versioned one, its
/// version as written, `_` as `.`. Repeatable scripts have none, so they get their file's name
/// without the ending, `R__Refresh_views`, which no version can look like; one that is longer than
/// the column's 50 characters is cut to 41, `~` and 8 hexadecimal digits of its checksum.
std::string history_version(const FileName& name);

/// What it holds for a row that tells of the past only, since the key must be free for the row that
/// counts: `#7 R__Refresh_views`, `#` and the row's installed_rank before what it held. Rows of
/// undo scripts are of this kind from the beginning.
std::string former_version(int installed_rank, const std::string& version);

/// The row tells of the past only: a superseded run, an undone or deleted migration, an undo.
bool is_former(const HistoryRow& row);
/// The row in force of a repeatable script.
bool is_repeatable(const HistoryRow& row);
/// The row of a script whose statements run each for itself, and which has begun and not ended:
/// somebody is at work on it, or it goes on from what is recorded of its statements.
bool is_under_way(const HistoryRow& row);
/// What its execution_time is until it has ended. One look at the row tells it from one that
/// failed: whoever reads without the lock may come between any two statements of the one who works.
inline constexpr std::chrono::milliseconds kUnderWay{-1};
/// The row stands for the migrations up to its version, by a script or by decree.
bool is_baseline(const HistoryRow& row);

/// What the column type says of a script of that kind.
const char* type_of(MigrationKind kind);

/// `V003`; empty for a repeatable script.
std::string display_version(const FileName& name);
std::string display_version(const HistoryRow& row);

/// The place in version order that a migration takes among those applied, from 1: what is there and
/// behind it moves up by one.
int version_rank(const FileName& name, const std::vector<HistoryRow>& rows);

}  // namespace flowdb::migration
