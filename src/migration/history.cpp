#include "migration/history.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "migration/foreign_history.hpp"
#include "migration/history_reading.hpp"
#include "sql/statement.hpp"

namespace flowdb::migration {

namespace {

constexpr const char* kTableName = "schema_version";

const char* name_of(HistoryTask task) {
  switch (task) {
    case HistoryTask::look_for:
      return "look for";
    case HistoryTask::create:
      return "create";
    case HistoryTask::read:
      return "read";
    case HistoryTask::write:
      break;
  }
  return "write";
}

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

History::History(backend::Connection& connection, const HistoryPlace& place,
                 const CallLimits& limits)
    : connection_(connection), dialect_(place.dialect), limits_(limits) {
  session_.database_name = place.database_name;
  const auto facts =
      query(HistoryTask::look_for, dialect_.session_question(), {{"adopted", place.adopt_table}})
          .one();
  session_.server_database = facts["server_database"].as<std::string>();
  session_.user = facts["user_name"].as<std::string>();
  const auto schema = facts["schema_name"].as<std::optional<std::string>>();
  if (!schema) {
    ErrorFacts none;
    none.database_name = session_.database_name;
    throw MigrationError("The session at '" + session_.database_name +
                             "' has no current schema: " + dialect_.no_schema_advice(session_),
                         none);
  }
  session_.schema = *schema;
  table_ = session_.schema + "." + kTableName;
  exists_ = facts["has_table"].as<bool>();
  if (exists_) return;
  if (facts["has_adopted"].as<bool>()) {
    foreign_table_ = place.adopt_table;
  } else if (facts["has_flyway"].as<bool>()) {
    foreign_table_ = session_.schema + "." + kFlywayTable;
  } else if (facts["has_pyway"].as<bool>()) {
    foreign_table_ = session_.schema + "." + kPywayTable;
  }
}

void History::read() {
  rows_.clear();
  if (!exists_) {
    if (foreign_table_) rows_ = read_foreign();
    return;
  }
  rows_ = rows_in(query(HistoryTask::read, std::string{"SELECT "} + kHistoryColumns + " FROM " +
                                               table_ + " ORDER BY installed_rank"));
}

std::vector<HistoryRow> History::read_foreign() {
  try {
    return adopted_rows(
        query(HistoryTask::read, "SELECT * FROM " + *foreign_table_ + " ORDER BY installed_rank"));
  } catch (const ForeignHistoryError& error) {
    ErrorFacts facts;
    facts.database_name = session_.database_name;
    throw MigrationError("The history of '" + session_.database_name +
                             "' cannot be taken over from " + *foreign_table_ + ": " + error.what(),
                         facts);
  }
}

bool History::refresh() {
  if (!exists_) {
    exists_ = look_for_table();
    if (!exists_) return false;
  } else {
    // Rows are added with a rank above all others, taken away, or changed with their success and
    // their rank in version order.
    const auto seen =
        query(HistoryTask::read,
              "SELECT count(*) AS row_count, coalesce(max(installed_rank), 0) AS last_rank,"
              " coalesce(sum(CAST(success AS INTEGER)), 0) AS succeeded,"
              " coalesce(sum(version_rank), 0) AS version_ranks FROM " +
                  table_)
            .one();
    std::int64_t version_ranks = 0;
    std::int64_t succeeded = 0;
    for (const auto& row : rows_) {
      version_ranks += row.version_rank;
      succeeded += row.success ? 1 : 0;
    }
    const int last = rows_.empty() ? 0 : rows_.back().installed_rank;
    if (seen["row_count"].as<std::size_t>() == rows_.size() &&
        seen["last_rank"].as<int>() == last && seen["succeeded"].as<std::int64_t>() == succeeded &&
        seen["version_ranks"].as<std::int64_t>() == version_ranks) {
      return false;
    }
  }
  read();
  return true;
}

void History::doubt() {
  exists_ = false;
  rows_.clear();
}

void History::create() {
  auto adopted = foreign_table_ ? read_foreign() : std::vector<HistoryRow>{};
  try {
    connection_.run_script(dialect_.history_definition(table_), limits_.deadline);
  } catch (const QueryError& error) {
    fail(HistoryTask::create, error);
  }
  exists_ = true;
  if (!adopted.empty()) {
    const sql::ParsedStatement statement{copy_statement(table_), dialect_.lexical()};
    std::vector<Params> copies;
    copies.reserve(adopted.size());
    for (const auto& row : adopted) copies.push_back(copy_params(row));
    try {
      connection_.execute_batch(statement, copies, limits_.deadline);
    } catch (const QueryError& error) {
      fail(HistoryTask::write, error);
    }
  }
  rows_ = std::move(adopted);
}

bool History::is_schema_in_use() {
  return !exists_ && !foreign_table_ &&
         query(HistoryTask::look_for, dialect_.schema_question()).scalar<bool>();
}

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

bool History::look_for_table() {
  return query(HistoryTask::look_for, dialect_.table_question(), {{"name", table_}}).scalar<bool>();
}

ResultSet History::query(HistoryTask task, const std::string& text, const Params& params) {
  const sql::ParsedStatement statement{text, dialect_.lexical()};
  try {
    return connection_.execute(
        {.statement = statement, .params = params, .timeout = limits_.timeout, .one_off = true},
        limits_.deadline);
  } catch (const QueryError& error) {
    fail(task, error);
  }
}

void History::fail(HistoryTask task, const QueryError& error) {
  const auto& facts = error.facts();
  auto text = "Cannot " + std::string{name_of(task)} + " the history of migrations, " +
              (table_.empty() ? std::string{kTableName} : table_) + " of '" +
              session_.database_name + "': " + facts.server_message + " (SQLSTATE " +
              facts.sqlstate + ").";
  const auto advice = dialect_.history_advice(task, table_, facts, session_);
  if (!advice.empty()) text += " " + advice;
  throw MigrationError(text, facts);
}

}  // namespace flowdb::migration
