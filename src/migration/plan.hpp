#pragma once

#include <optional>
#include <string>
#include <vector>

#include <flowdb/migration_reports.hpp>

#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"
#include "migration/problem.hpp"
#include "migration/version.hpp"

namespace flowdb::migration {

/// What a plan's texts name.
struct PlanNames {
  std::string directory;      ///< where the files lie
  std::string history_table;  ///< as it is written in SQL
};

/// Which migrations are wanted.
struct PlanOptions {
  std::optional<Version> target = {};  ///< none above it
  bool out_of_order = false;
};

/// How a migration stands that is known from its file, its row or both.
struct PlanEntry {
  MigrationState state = MigrationState::pending;
  const MigrationFile* file = nullptr;
  const HistoryRow* row = nullptr;
};

/// What the files and the history say together. Points into what it was made from.
struct Plan {
  /// In the order in which they are to run: versioned ones by version (an empty history begins with
  /// the highest baseline script, if there is one, instead of those up to its version), then
  /// repeatable ones whose checksum is not the one they last ran with.
  std::vector<const MigrationFile*> pending;
  /// What stands in the way: a failed row, another checksum, description or type, a missing file
  /// below the newest local version, a file that was not applied though a later one was.
  std::vector<Problem> problems;
  std::optional<std::string> current_version;  ///< the highest applied one, `V003`
  /// The rows in their order, then the files without one in version order.
  std::vector<PlanEntry> entries;
};

/// What a plan is made from.
struct PlanInput {
  const std::vector<MigrationFile>& files;
  const std::vector<HistoryRow>& history;
  PlanOptions options = {};
  PlanNames names;
};

/// Compares files with history. Linear when both are in order, as they usually are; no I/O. Rows of
/// versions above the newest local one (a newer program ran here) are no problem, nor are
/// repeatable scripts whose file is gone.
Plan make_plan(const PlanInput& input);

}  // namespace flowdb::migration
