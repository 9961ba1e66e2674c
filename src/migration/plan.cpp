#include "migration/plan.hpp"

#include <map>
#include <string_view>
#include <utility>

#include "migration/plan_problems.hpp"

namespace flowdb::migration {

namespace {

/// Goes through files and rows side by side.
class Planner {
 public:
  Planner(const std::vector<MigrationFile>& files, const std::vector<HistoryRow>& history,
          const PlanNames& names)
      : problems_(names) {
    for (const auto& file : files) add_file(file);
    for (const auto& row : history) add_row(row);
    if (!versioned_.empty()) problems_.know_version(versioned_.rbegin()->first);
    if (!applied_.empty()) problems_.know_version(applied_.rbegin()->first);
  }

  Plan run() && {
    for (const auto& [version, row] : applied_) compare_applied(version, *row);
    for (const auto& [version, file] : versioned_) find_pending(version, *file);
    for (const auto& [version, file] : repeatable_) find_repeatable(version, *file);
    plan_.problems = std::move(problems_).take();
    return std::move(plan_);
  }

 private:
  void add_file(const MigrationFile& file) {
    if (file.name.kind == MigrationKind::versioned) versioned_.emplace(*file.name.version, &file);
    if (file.name.kind == MigrationKind::repeatable) {
      repeatable_.emplace(history_version(file.name), &file);
    }
  }

  void add_row(const HistoryRow& row) {
    if (is_repeatable(row)) {
      repeated_.emplace(row.version, &row);
    } else if (auto version = Version::parse(row.version)) {
      applied_.emplace(*std::move(version), &row);
    } else {
      problems_.unknown_version(row);
    }
  }

  void compare_applied(const Version& version, const HistoryRow& row) {
    if (row.success) {
      plan_.current_version = display_version(row);
    } else {
      problems_.failed(row);
    }
    const auto file = versioned_.find(version);
    if (file != versioned_.end()) {
      problems_.compare(*file->second, row);
    } else if (!versioned_.empty() && version < versioned_.rbegin()->first &&
               row.type == kSqlType) {
      problems_.missing(row, *versioned_.rbegin()->second);
    }
  }

  void find_pending(const Version& version, const MigrationFile& file) {
    if (applied_.count(version) != 0) return;
    if (!applied_.empty() && version < applied_.rbegin()->first) {
      problems_.ignored(file, *applied_.rbegin()->second);
    } else {
      plan_.pending.push_back(&file);
    }
  }

  void find_repeatable(const std::string& version, const MigrationFile& file) {
    const auto row = repeated_.find(version);
    if (row != repeated_.end() && !row->second->success) {
      problems_.failed(*row->second);
    } else if (row == repeated_.end() || row->second->checksum != file.checksum) {
      plan_.pending.push_back(&file);
    }
  }

  PlanProblems problems_;
  Plan plan_;
  std::map<Version, const MigrationFile*> versioned_;
  std::map<Version, const HistoryRow*> applied_;
  std::map<std::string, const MigrationFile*> repeatable_;  // by history_version()
  std::map<std::string_view, const HistoryRow*> repeated_;  // the same
};

}  // namespace

Plan make_plan(const std::vector<MigrationFile>& files, const std::vector<HistoryRow>& history,
               const PlanNames& names) {
  return Planner{files, history, names}.run();
}

}  // namespace flowdb::migration
