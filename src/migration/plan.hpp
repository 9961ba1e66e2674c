#pragma once

#include <optional>
#include <string>
#include <vector>

#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"
#include "migration/problem.hpp"

namespace flowdb::migration {

/// What a plan's texts name.
struct PlanNames {
  std::string directory;      ///< where the files lie
  std::string history_table;  ///< as it is written in SQL
};

/// What the files and the history say together. Points into the files it was made from.
struct Plan {
  /// In the order in which they are to run: versioned ones by version, then repeatable ones whose
  /// checksum is not the one they last ran with.
  std::vector<const MigrationFile*> pending;
  /// What stands in the way: a failed row, another checksum, description or type, a missing file
  /// below the newest local version, a file that was not applied though a later one was.
  std::vector<Problem> problems;
  std::optional<std::string> current_version;  ///< the highest applied one, `V003`
};

/// Compares files with history. Linear but for sorting; no I/O. Undo and baseline scripts (`U…`,
/// `B…`) are known to be migrations' files, but nothing runs them yet: they are left out. Rows of
/// versions above the newest local one (a newer program ran here) are no problem, nor are
/// repeatable scripts whose file is gone.
Plan make_plan(const std::vector<MigrationFile>& files, const std::vector<HistoryRow>& history,
               const PlanNames& names);

}  // namespace flowdb::migration
