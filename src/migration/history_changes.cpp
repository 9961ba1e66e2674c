// What History writes.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "migration/history.hpp"
#include "migration/history_reading.hpp"

namespace flowdb::migration {

namespace {

std::int64_t as_column(std::chrono::milliseconds time) {
  return std::min<std::int64_t>(time.count(), std::numeric_limits<std::int32_t>::max());
}

}  // namespace

/// What the server does not say itself.
struct History::NewRow {
  int version_rank = 0;
  std::string version;
  std::string description;
  std::string type;
  std::string script;
  std::optional<std::int32_t> checksum;
  std::chrono::milliseconds execution_time{0};
  bool success = true;
};

const HistoryRow& History::add(const MigrationFile& file, std::chrono::milliseconds execution_time,
                               bool success) {
  const auto version = history_version(file.name);
  const auto known = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const HistoryRow& row) { return row.version == version; });
  NewRow row{0,           version,       file.name.description, type_of(file.name.kind),
             file.script, file.checksum, execution_time,        success};
  if (known != rows_.end()) {
    row.version_rank = known->version_rank;
    make_former(*known, known->type, false);
  } else {
    row.version_rank = version_rank(file.name, rows_);
    shift_ranks(row.version_rank, 1);
  }
  return insert(std::move(row));
}

const HistoryRow& History::add_baseline(const Version& version, const std::string& description) {
  const FileName name{MigrationKind::baseline, version, description};
  const auto rank = version_rank(name, rows_);
  shift_ranks(rank, 1);
  return insert({rank, version.text(), description, kBaselineType, description, std::nullopt,
                 std::chrono::milliseconds::zero(), true});
}

const HistoryRow& History::add_undo(const MigrationFile& file, const HistoryRow& undone,
                                    std::chrono::milliseconds execution_time) {
  auto& row = row_of(undone.installed_rank);
  make_former(row, row.type, true);
  // The rank that the server will give, since the lock is held.
  const int rank = rows_.back().installed_rank + 1;
  return insert({0, former_version(rank, file.name.version->text()), file.name.description,
                 kUndoType, file.script, file.checksum, execution_time, true});
}

const HistoryRow& History::complete(int installed_rank, const MigrationFile& file,
                                    std::chrono::milliseconds execution_time) {
  auto& row = row_of(installed_rank);
  query(HistoryTask::write,
        "UPDATE " + table_ +
            " SET description = :description, script = :script, checksum = :checksum,"
            " execution_time = :execution_time, success = :success WHERE installed_rank = :rank",
        {{"description", file.name.description},
         {"script", file.script},
         {"checksum", file.checksum},
         {"execution_time", as_column(execution_time)},
         {"success", true},
         {"rank", installed_rank}});
  row.description = file.name.description;
  row.script = file.script;
  row.checksum = file.checksum;
  row.execution_time = execution_time;
  row.success = true;
  return row;
}

void History::remove(int installed_rank) {
  query(HistoryTask::write, "DELETE FROM " + table_ + " WHERE installed_rank = :rank",
        {{"rank", installed_rank}});
  const auto& row = row_of(installed_rank);
  const int rank = row.version_rank;
  rows_.erase(rows_.begin() + (&row - rows_.data()));
  if (rank > 0) shift_ranks(rank, -1);
}

void History::mark_deleted(int installed_rank) {
  make_former(row_of(installed_rank), kDeletedType, true);
}

void History::realign(int installed_rank, const MigrationFile& file) {
  auto& row = row_of(installed_rank);
  row.description = file.name.description;
  row.type = type_of(file.name.kind);
  row.script = file.script;
  row.checksum = file.checksum;
  query(HistoryTask::write,
        "UPDATE " + table_ +
            " SET description = :description, type = :type, script = :script,"
            " checksum = :checksum WHERE installed_rank = :rank",
        {{"description", row.description},
         {"type", row.type},
         {"script", row.script},
         {"checksum", file.checksum},
         {"rank", installed_rank}});
}

const HistoryRow& History::insert(NewRow row) {
  auto inserted = rows_in(query(HistoryTask::write, dialect_.history_insertion(table_),
                                {{"version_rank", row.version_rank},
                                 {"version", std::move(row.version)},
                                 {"description", std::move(row.description)},
                                 {"type", std::move(row.type)},
                                 {"script", std::move(row.script)},
                                 {"checksum", row.checksum},
                                 {"execution_time", as_column(row.execution_time)},
                                 {"success", row.success}}));
  rows_.push_back(std::move(inserted.at(0)));
  return rows_.back();
}

void History::shift_ranks(int version_rank, int by) {
  bool is_needed = false;
  for (auto& row : rows_) {
    if (row.version_rank < version_rank) continue;
    row.version_rank += by;
    is_needed = true;
  }
  if (!is_needed) return;
  query(HistoryTask::write,
        "UPDATE " + table_ +
            " SET version_rank = version_rank + :by WHERE version_rank >= :version_rank",
        {{"by", by}, {"version_rank", version_rank}});
}

void History::make_former(HistoryRow& row, const std::string& type, bool close_gap) {
  const int rank = row.version_rank;
  row.version = former_version(row.installed_rank, row.version);
  row.type = type;
  row.version_rank = 0;
  query(HistoryTask::write,
        "UPDATE " + table_ +
            " SET version = :version, type = :type, version_rank = 0 WHERE installed_rank = :rank",
        {{"version", row.version}, {"type", type}, {"rank", row.installed_rank}});
  if (close_gap) shift_ranks(rank, -1);
}

HistoryRow& History::row_of(int installed_rank) {
  return *std::find_if(rows_.begin(), rows_.end(),
                       [&](const HistoryRow& row) { return row.installed_rank == installed_rank; });
}

}  // namespace flowdb::migration
