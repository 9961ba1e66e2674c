#pragma once

#include <optional>
#include <string>
#include <vector>

#include "migration/history_row.hpp"
#include "migration/migration_file.hpp"
#include "migration/plan.hpp"
#include "migration/problem.hpp"
#include "migration/version.hpp"

namespace flowdb::migration {

/// The row was written for a file of that text, by flowdb, by any Flyway or by Pyway: Flyway 3 and
/// Pyway count the bytes as they are. Rows without a checksum fit every text.
bool has_checksum(const HistoryRow& row, const MigrationFile& file);

/// Words what is wrong between files and history, and what to do about it.
class PlanProblems {
 public:
  explicit PlanProblems(const PlanNames& names) : names_(names) {}

  /// A version in use: new names that are proposed come after it.
  void know_version(const Version& version);

  void unknown_version(const HistoryRow& row);
  void failed(const HistoryRow& row);
  /// Description, type and checksum; no problem when they agree.
  void compare(const MigrationFile& file, const HistoryRow& row);
  void missing(const HistoryRow& row, const MigrationFile& newest);
  void ignored(const MigrationFile& file, const HistoryRow& newest);

  /// By version; those of rows that have none come first, those of repeatable scripts last.
  std::vector<Problem> take() &&;

 private:
  struct Entry {
    int group = 0;  ///< 0: no version can be told, 1: versioned, 2: repeatable
    std::optional<Version> version;
    Problem problem;
  };
  void add(const std::string& text, const std::string& script, const std::string& version);
  /// The file's name under the next free version.
  std::string new_name(const MigrationFile& file) const;
  std::string where_version(const HistoryRow& row) const;

  PlanNames names_;
  std::optional<Version> highest_;
  std::vector<Entry> problems_;
};

}  // namespace flowdb::migration
