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

  std::vector<Problem> take() && { return std::move(problems_); }

 private:
  void add(const std::string& text, const std::string& script);
  /// The file's name under the next free version.
  std::string new_name(const MigrationFile& file) const;
  std::string where_version(const HistoryRow& row) const;

  PlanNames names_;
  std::optional<Version> highest_;
  std::vector<Problem> problems_;
};

}  // namespace flowdb::migration
