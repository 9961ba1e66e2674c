#include "migration/plan.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "migration/plan_problems.hpp"

namespace flowdb::migration {

namespace {

/// A row in force that has a version.
struct AppliedRow {
  Version version;
  const HistoryRow* row;
  std::size_t index;  ///< of its entry
};

template <class Items, class Before>
void sort_if_needed(Items& items, const Before& before) {
  if (!std::is_sorted(items.begin(), items.end(), before)) {
    std::stable_sort(items.begin(), items.end(), before);
  }
}

bool is_lower(const MigrationFile* left, const MigrationFile* right) {
  return *left->name.version < *right->name.version;
}

/// The script whose row it is has made its version's migrations needless.
bool is_own_baseline(const HistoryRow& row) {
  return row.type == kBaselineScriptType;
}

/// Goes through files and rows side by side.
class Planner {
 public:
  explicit Planner(const PlanInput& input) : input_(input), problems_(input.names) {
    for (const auto& file : input.files) add_file(file);
    plan_.entries.reserve(input.history.size() + input.files.size());
    for (const auto& row : input.history) add_row(row);
    sort_if_needed(versioned_, is_lower);
    sort_if_needed(baselines_, is_lower);
    sort_if_needed(applied_, [](const AppliedRow& left, const AppliedRow& right) {
      return left.version < right.version;
    });
    mark_out_of_order();
    if (!versioned_.empty()) problems_.know_version(*versioned_.back()->name.version);
    if (!applied_.empty()) problems_.know_version(applied_.back().version);
  }

  Plan run() && {
    for (const auto& applied : applied_) judge_row(applied);
    choose_baseline();
    for (const auto* file : baselines_) judge_baseline(*file);
    auto row = applied_.cbegin();
    for (const auto* file : versioned_) {
      while (row != applied_.cend() && row->version < *file->name.version) ++row;
      const bool has_row = row != applied_.cend() && row->version == *file->name.version;
      judge_file(*file, has_row ? &*row : nullptr);
    }
    for (const auto* file : undos_) judge_undo(*file);
    for (const auto& [version, file] : repeatable_) judge_repeatable(version, *file);
    for (const auto& [version, index] : repeated_) {
      const auto& entry = plan_.entries[index];
      if (entry.file == nullptr && !entry.row->success) problems_.failed(*entry.row);
    }
    plan_.problems = std::move(problems_).take();
    return std::move(plan_);
  }

 private:
  void add_file(const MigrationFile& file) {
    switch (file.name.kind) {
      case MigrationKind::versioned:
        versioned_.push_back(&file);
        break;
      case MigrationKind::baseline:
        baselines_.push_back(&file);
        break;
      case MigrationKind::undo:
        undos_.push_back(&file);
        break;
      case MigrationKind::repeatable:
        repeatable_.emplace(history_version(file.name), &file);
    }
  }

  void add_row(const HistoryRow& row) {
    const auto index = plan_.entries.size();
    plan_.entries.push_back({MigrationState::success, nullptr, &row});
    if (is_former(row)) {
      plan_.entries.back().state = former_state(row);
    } else if (is_repeatable(row)) {
      plan_.entries.back().state = row.success ? MigrationState::missing : MigrationState::failed;
      repeated_.emplace(row.version, index);
    } else if (auto version = Version::parse(row.version)) {
      applied_.push_back({*std::move(version), &row, index});
    } else {
      problems_.unknown_version(row);
    }
  }

  static MigrationState former_state(const HistoryRow& row) {
    if (row.type == kDeletedType || row.type == "DELETE") return MigrationState::deleted;
    if (row.type.compare(0, 4, "UNDO") == 0) return MigrationState::success;
    return display_version(row).empty() ? MigrationState::superseded : MigrationState::undone;
  }

  /// Rows stand in the order of application.
  void mark_out_of_order() {
    std::vector<const AppliedRow*> order(plan_.entries.size(), nullptr);
    for (const auto& applied : applied_) order[applied.index] = &applied;
    const Version* highest = nullptr;
    for (const auto* applied : order) {
      if (applied == nullptr) continue;
      if (highest != nullptr && applied->version < *highest) {
        plan_.entries[applied->index].state = MigrationState::out_of_order;
      } else {
        highest = &applied->version;
      }
    }
  }

  /// What the row says by itself.
  void judge_row(const AppliedRow& applied) {
    const auto& row = *applied.row;
    auto& state = plan_.entries[applied.index].state;
    if (!row.success) {
      state = is_under_way(row) ? MigrationState::interrupted : MigrationState::failed;
      if (!is_under_way(row)) {
        problems_.failed(row);
        highest_applied_ = &applied;
      }
    } else {
      plan_.current_version = display_version(row);
      highest_applied_ = &applied;
    }
    if (row.success && is_baseline(row)) {
      state = MigrationState::baseline;
      baseline_ = &applied.version;
    }
    if (is_baseline(row) || has_file(applied.version)) return;
    if (versioned_.empty() || *versioned_.back()->name.version < applied.version) {
      if (row.success || is_under_way(row)) state = MigrationState::future;
    } else {
      if (row.success) state = MigrationState::missing;
      if (row.type == kSqlType) problems_.missing(row, *versioned_.back());
    }
  }

  bool has_file(const Version& version) const {
    const auto found = std::lower_bound(versioned_.begin(), versioned_.end(), version,
                                        [](const MigrationFile* file, const Version& wanted) {
                                          return *file->name.version < wanted;
                                        });
    return found != versioned_.end() && *(*found)->name.version == version;
  }

  const AppliedRow* find_applied(const Version& version) const {
    const auto found = std::lower_bound(
        applied_.begin(), applied_.end(), version,
        [](const AppliedRow& row, const Version& wanted) { return row.version < wanted; });
    return found != applied_.end() && found->version == version ? &*found : nullptr;
  }

  bool is_above_target(const MigrationFile& file) const {
    const auto& target = input_.options.target;
    return target && *target < *file.name.version;
  }

  /// An empty history begins with the highest baseline script.
  void choose_baseline() {
    if (!applied_.empty()) return;
    for (const auto* file : baselines_) {
      if (!is_above_target(*file)) chosen_baseline_ = file;
    }
    if (chosen_baseline_ == nullptr) return;
    baseline_ = &*chosen_baseline_->name.version;
    plan_.pending.push_back(chosen_baseline_);
  }

  void judge_baseline(const MigrationFile& file) {
    if (&file == chosen_baseline_) {
      add(MigrationState::pending, file);
      return;
    }
    const auto* applied = find_applied(*file.name.version);
    if (applied != nullptr && is_own_baseline(*applied->row)) {
      plan_.entries[applied->index].file = &file;
      if (!is_under_way(*applied->row)) problems_.compare(file, *applied->row);
      return;
    }
    add(is_above_target(file) ? MigrationState::above_target : MigrationState::ignored, file);
  }

  void judge_file(const MigrationFile& file, const AppliedRow* applied) {
    const auto& version = *file.name.version;
    const bool is_applied = applied != nullptr && !is_own_baseline(*applied->row) &&
                            !(is_baseline(*applied->row) && applied->row->success);
    if (is_applied) {
      plan_.entries[applied->index].file = &file;
      if (is_under_way(*applied->row)) {
        if (!is_above_target(file)) plan_.pending.push_back(&file);
      } else {
        problems_.compare(file, *applied->row);
      }
    } else if (baseline_ != nullptr && !(*baseline_ < version)) {
      add(MigrationState::below_baseline, file);
    } else if (is_above_target(file)) {
      add(MigrationState::above_target, file);
    } else if (highest_applied_ != nullptr && version < highest_applied_->version &&
               !input_.options.out_of_order) {
      add(MigrationState::ignored, file);
      problems_.ignored(file, *highest_applied_->row);
    } else {
      add(MigrationState::pending, file);
      plan_.pending.push_back(&file);
    }
  }

  void judge_undo(const MigrationFile& file) {
    const auto* applied = find_applied(*file.name.version);
    const bool can_undo =
        applied != nullptr && applied->row->success && !is_baseline(*applied->row);
    add(can_undo ? MigrationState::available : MigrationState::ignored, file);
  }

  void judge_repeatable(const std::string& version, const MigrationFile& file) {
    const auto found = repeated_.find(version);
    if (found == repeated_.end()) {
      add(MigrationState::pending, file);
      plan_.pending.push_back(&file);
      return;
    }
    auto& entry = plan_.entries[found->second];
    const auto& row = *entry.row;
    entry.file = &file;
    if (!row.success) {
      entry.state = is_under_way(row) ? MigrationState::interrupted : MigrationState::failed;
      if (is_under_way(row)) {
        plan_.pending.push_back(&file);
      } else {
        problems_.failed(row);
      }
    } else if (has_checksum(row, file)) {
      entry.state = MigrationState::success;
    } else {
      entry.state = MigrationState::outdated;
      plan_.pending.push_back(&file);
    }
  }

  void add(MigrationState state, const MigrationFile& file) {
    plan_.entries.push_back({state, &file, nullptr});
  }

  const PlanInput& input_;
  PlanProblems problems_;
  Plan plan_;
  std::vector<const MigrationFile*> versioned_;
  std::vector<const MigrationFile*> baselines_;
  std::vector<const MigrationFile*> undos_;
  std::vector<AppliedRow> applied_;
  std::map<std::string, const MigrationFile*> repeatable_;  // by history_version()
  std::map<std::string_view, std::size_t> repeated_;        // the same, with the entry's index
  const AppliedRow* highest_applied_ = nullptr;
  const Version* baseline_ = nullptr;
  const MigrationFile* chosen_baseline_ = nullptr;
};

}  // namespace

Plan make_plan(const PlanInput& input) {
  return Planner{input}.run();
}

}  // namespace flowdb::migration
