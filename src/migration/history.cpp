#include "migration/history.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

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

/// `2024-01-15T10:30:00.000000Z`, the fraction of six digits at least.
std::string iso_text(const Timestamp& time) {
  constexpr std::size_t kDigits = 6;
  auto text = time.to_string();
  std::replace(text.begin(), text.end(), ' ', 'T');
  auto point = text.find('.');
  if (point == std::string::npos) {
    point = text.size();
    text += '.';
  }
  text.resize(std::max(text.size(), point + 1 + kDigits), '0');
  return text + "Z";
}

HistoryRow to_row(const Row& row) {
  return {.version_rank = row["version_rank"].as<int>(),
          .installed_rank = row["installed_rank"].as<int>(),
          .version = row["version"].as<std::string>(),
          .description = row["description"].as<std::string>(),
          .type = row["type"].as<std::string>(),
          .script = row["script"].as<std::string>(),
          .checksum = row["checksum"].as<std::optional<std::int32_t>>(),
          .installed_by = row["installed_by"].as<std::string>(),
          .installed_on = iso_text(row["installed_on"].as<Timestamp>()),
          .execution_time = std::chrono::milliseconds{row["execution_time"].as<int>()},
          .success = row["success"].as<bool>()};
}

}  // namespace

History::History(backend::Connection& connection, const SqlDialect& dialect,
                 std::string database_name, const CallLimits& limits)
    : connection_(connection), dialect_(dialect), limits_(limits) {
  session_.database_name = std::move(database_name);
  const auto facts = query(HistoryTask::look_for, dialect_.session_question()).one();
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
}

void History::read() {
  rows_.clear();
  if (!exists_) return;
  const auto result = query(HistoryTask::read, std::string{"SELECT "} + kHistoryColumns + " FROM " +
                                                   table_ + " ORDER BY installed_rank");
  rows_.reserve(result.size());
  std::transform(result.begin(), result.end(), std::back_inserter(rows_), to_row);
}

bool History::refresh() {
  if (!exists_) {
    exists_ = look_for_table();
    if (!exists_) {
      create();
      return false;
    }
  } else {
    const auto seen =
        query(HistoryTask::read,
              "SELECT count(*) AS row_count, coalesce(max(installed_rank), 0) AS last_rank FROM " +
                  table_);
    const auto row = seen.one();
    const int last = rows_.empty() ? 0 : rows_.back().installed_rank;
    if (row["row_count"].as<std::size_t>() == rows_.size() && row["last_rank"].as<int>() == last) {
      return false;
    }
  }
  read();
  return true;
}

const HistoryRow& History::add(const MigrationFile& file,
                               std::chrono::milliseconds execution_time) {
  const auto version = history_version(file.name);
  const auto known = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const HistoryRow& row) { return row.version == version; });
  const auto milliseconds =
      std::min<std::int64_t>(execution_time.count(), std::numeric_limits<std::int32_t>::max());
  Params params{{"version", version},        {"description", file.name.description},
                {"type", kSqlType},          {"script", file.script},
                {"checksum", file.checksum}, {"execution_time", milliseconds}};
  if (known == rows_.end()) {
    const auto rank = version_rank(file.name, rows_);
    make_room(rank);
    params.set("version_rank", rank);
    rows_.push_back(
        to_row(query(HistoryTask::write, dialect_.history_insertion(table_), params).one()));
  } else {
    auto row =
        to_row(query(HistoryTask::write, dialect_.history_replacement(table_), params).one());
    rows_.erase(known);
    rows_.push_back(std::move(row));
  }
  return rows_.back();
}

void History::make_room(int version_rank) {
  bool is_taken = false;
  for (auto& row : rows_) {
    if (row.version_rank < version_rank) continue;
    ++row.version_rank;
    is_taken = true;
  }
  if (!is_taken) return;
  query(HistoryTask::write,
        "UPDATE " + table_ +
            " SET version_rank = version_rank + 1 WHERE version_rank >= :version_rank",
        {{"version_rank", version_rank}});
}

void History::create() {
  try {
    connection_.run_script(dialect_.history_definition(table_), limits_.deadline);
  } catch (const QueryError& error) {
    fail(HistoryTask::create, error);
  }
  exists_ = true;
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
