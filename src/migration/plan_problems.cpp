#include "migration/plan_problems.hpp"

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

void PlanProblems::know_version(const Version& version) {
  if (!highest_ || *highest_ < version) highest_ = version;
}

void PlanProblems::unknown_version(const HistoryRow& row) {
  add("the row of " + names_.history_table + " with installed_rank " +
          std::to_string(row.installed_rank) + " has the version '" + row.version +
          "', which is none; correct it or delete the row.",
      row.script);
}

void PlanProblems::failed(const HistoryRow& row) {
  add("it failed on " + row.installed_on +
          "; look at what it has left behind and put that right, then DELETE FROM " +
          names_.history_table + where_version(row) + "; and run the migrations again.",
      row.script);
}

void PlanProblems::compare(const MigrationFile& file, const HistoryRow& row) {
  if (row.type != kSqlType) {
    add(std::string{"its type is "} + kSqlType + ", but the history has " + row.type + " for " +
            display_version(row) + " ('" + row.script +
            "'); restore that migration, and rename this "
            "file to '" +
            new_name(file) + "' if it is another.",
        file.script);
    return;
  }
  if (row.description != file.name.description) {
    add("its description is '" + file.name.description + "', but " + display_version(row) +
            " was applied as '" + row.description + "'; give the file its former name '" +
            row.script + "', or rename it to '" + new_name(file) + "' if it is another migration.",
        file.script);
  }
  if (row.checksum && row.checksum != file.checksum) {
    add("it was changed after it was applied: its checksum is " + shown(file.checksum) +
            ", the history has " + shown(row.checksum) +
            "; restore the text that was applied and put the change into a new script, '" +
            new_name(file) + "'. If the database does have what the new text says: UPDATE " +
            names_.history_table + " SET checksum = " + shown(file.checksum) + where_version(row) +
            ";",
        file.script);
  }
}

void PlanProblems::missing(const HistoryRow& row, const MigrationFile& newest) {
  add("it was applied, but the file is missing in '" + names_.directory + "', which goes up to " +
          display_version(newest.name) + "; restore it.",
      row.script);
}

void PlanProblems::ignored(const MigrationFile& file, const HistoryRow& newest) {
  add("it was never applied, and " + display_version(newest) +
          " already is, so its turn is over; rename it to '" + new_name(file) + "'.",
      file.script);
}

void PlanProblems::add(const std::string& text, const std::string& script) {
  problems_.push_back({script + ": " + text, script});
}

std::string PlanProblems::new_name(const MigrationFile& file) const {
  return "V" + highest_->next() + file.script.substr(file.script.find("__"));
}

std::string PlanProblems::where_version(const HistoryRow& row) const {
  return " WHERE version = " + literal(row.version);
}

}  // namespace flowdb::migration
