#include "migration/plan_problems.hpp"

#include <algorithm>
#include <utility>

namespace flowdb::migration {

namespace {

std::string literal(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string{"''"} : std::string(1, c);
  return result + "'";
}

std::string shown(const std::optional<std::int32_t>& checksum) {
  return checksum ? std::to_string(*checksum) : "none";
}

}  // namespace

bool has_checksum(const HistoryRow& row, const MigrationFile& file) {
  return !row.checksum || *row.checksum == file.checksum || *row.checksum == file.raw_checksum;
}

void PlanProblems::know_version(const Version& version) {
  if (!highest_ || *highest_ < version) highest_ = version;
}

void PlanProblems::unknown_version(const HistoryRow& row) {
  add("the row of " + names_.history_table + " with installed_rank " +
          std::to_string(row.installed_rank) + " has the version '" + row.version +
          "', which is none; correct it or delete the row.",
      row.script, row.version);
}

void PlanProblems::failed(const HistoryRow& row) {
  add("it failed on " + row.installed_on +
          "; look at what it has left behind and put that right, then take the row out of the "
          "history, by Migrator::repair() (flowdb repair) or DELETE FROM " +
          names_.history_table + where_version(row) + "; and run the migrations again.",
      row.script, row.version);
}

void PlanProblems::compare(const MigrationFile& file, const HistoryRow& row) {
  if (row.type != type_of(file.name.kind)) {
    add(std::string{"its type is "} + type_of(file.name.kind) + ", but the history has " +
            row.type + " for " + display_version(row) + " ('" + row.script +
            "'); restore that migration, and rename this "
            "file to '" +
            new_name(file) + "' if it is another.",
        file.script, row.version);
    return;
  }
  if (row.description != file.name.description) {
    add("its description is '" + file.name.description + "', but " + display_version(row) +
            " was applied as '" + row.description + "'; give the file its former name '" +
            row.script + "', or rename it to '" + new_name(file) + "' if it is another migration.",
        file.script, row.version);
  }
  if (!has_checksum(row, file)) {
    add("it was changed after it was applied: its checksum is " + shown(file.checksum) +
            ", the history has " + shown(row.checksum) +
            "; restore the text that was applied and put the change into a new script, '" +
            new_name(file) +
            "'. If the database does have what the new text says: Migrator::repair() "
            "(flowdb repair), or UPDATE " +
            names_.history_table + " SET checksum = " + shown(file.checksum) + where_version(row) +
            ";",
        file.script, row.version);
  }
}

void PlanProblems::missing(const HistoryRow& row, const MigrationFile& newest) {
  add("it was applied, but the file is missing in '" + names_.directory + "', which goes up to " +
          display_version(newest.name) +
          "; restore it, or have Migrator::repair() (flowdb repair) mark it as deleted.",
      row.script, row.version);
}

void PlanProblems::ignored(const MigrationFile& file, const HistoryRow& newest) {
  add("it was never applied, and " + display_version(newest) +
          " already is, so its turn is over; rename it to '" + new_name(file) +
          "', or run it out of order (MigrationOptions::out_of_order).",
      file.script, file.name.version->text());
}

void PlanProblems::add(const std::string& text, const std::string& script,
                       const std::string& version) {
  auto parsed = Version::parse(version);
  const bool is_repeatable = version.compare(0, 3, "R__") == 0;
  const int group = parsed ? 1 : is_repeatable ? 2 : 0;
  problems_.push_back({group, std::move(parsed), {script + ": " + text, script}});
}

std::vector<Problem> PlanProblems::take() && {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Entry& left, const Entry& right) {
    if (left.group != right.group) return left.group < right.group;
    return left.version && right.version && *left.version < *right.version;
  });
  std::vector<Problem> result;
  result.reserve(problems_.size());
  for (auto& entry : problems_) result.push_back(std::move(entry.problem));
  return result;
}

std::string PlanProblems::new_name(const MigrationFile& file) const {
  return "V" + highest_->next() + file.script.substr(file.script.find("__"));
}

std::string PlanProblems::where_version(const HistoryRow& row) const {
  return " WHERE version = " + literal(row.version);
}

}  // namespace flowdb::migration
