#include "migration/history.hpp"

#include <cstdint>
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

}  // namespace

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
