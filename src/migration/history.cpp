#include "migration/history.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "migration/advice.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

namespace flowdb::migration {

namespace {

constexpr const char* kTableName = "schema_version";

constexpr const char* kColumns =
    "version_rank, installed_rank, version, description, type, script, checksum, installed_by, "
    "to_char(installed_on, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS installed_on, execution_time, "
    "success";

std::string definition(const std::string& table) {
  return "CREATE TABLE " + table +
         " (version_rank INTEGER NOT NULL,"
         " installed_rank INTEGER NOT NULL,"
         " version VARCHAR(50) NOT NULL PRIMARY KEY,"
         " description VARCHAR(200) NOT NULL,"
         " type VARCHAR(20) NOT NULL,"
         " script VARCHAR(1000) NOT NULL,"
         " checksum INTEGER,"
         " installed_by VARCHAR(100) NOT NULL,"
         " installed_on TIMESTAMP NOT NULL DEFAULT NOW(),"
         " execution_time INTEGER NOT NULL,"
         " success BOOLEAN NOT NULL)";
}

/// Moves the rows of higher versions up and puts the new one between.
std::string insertion(const std::string& table, bool is_repeatable) {
  return "WITH moved AS (UPDATE " + table +
         " SET version_rank = version_rank + 1 WHERE version_rank >= :version_rank)"
         " INSERT INTO " +
         table +
         " (version_rank, installed_rank, version, description, type, script, checksum,"
         " installed_by, installed_on, execution_time, success)"
         " VALUES (:version_rank, (SELECT coalesce(max(installed_rank), 0) + 1 FROM " +
         table +
         "), :version, :description, :type, :script, :checksum, current_user,"
         " clock_timestamp() AT TIME ZONE 'UTC', :execution_time, true)" +
         (is_repeatable
              ? " ON CONFLICT (version) DO UPDATE SET installed_rank = excluded.installed_rank,"
                " description = excluded.description, type = excluded.type,"
                " script = excluded.script, checksum = excluded.checksum,"
                " installed_by = excluded.installed_by, installed_on = excluded.installed_on,"
                " execution_time = excluded.execution_time, success = excluded.success"
              : "") +
         " RETURNING " + kColumns;
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
          .installed_on = row["installed_on"].as<std::string>(),
          .execution_time = std::chrono::milliseconds{row["execution_time"].as<int>()},
          .success = row["success"].as<bool>()};
}

}  // namespace

History::History(backend::Connection& connection, std::string database_name,
                 const CallLimits& limits)
    : connection_(connection), limits_(limits) {
  session_.database_name = std::move(database_name);
  const auto facts = query(
                         "SELECT quote_ident(current_database()) AS server_database,"
                         " quote_ident(current_schema()) AS schema_name,"
                         " quote_ident(current_user) AS user_name,"
                         " to_regclass(quote_ident(current_schema()) || '." +
                             std::string{kTableName} + "') IS NOT NULL AS has_table",
                         {}, "look for", "USAGE ON SCHEMA public")
                         .one();
  session_.server_database = facts["server_database"].as<std::string>();
  session_.user = facts["user_name"].as<std::string>();
  const auto schema = facts["schema_name"].as<std::optional<std::string>>();
  if (!schema) {
    ErrorFacts none;
    none.database_name = session_.database_name;
    throw MigrationError("The session at '" + session_.database_name +
                             "' has no current schema: no schema of its search_path exists and may "
                             "be used. " +
                             grant_advice("USAGE ON SCHEMA public", session_),
                         none);
  }
  session_.schema = *schema;
  table_ = session_.schema + "." + kTableName;
  exists_ = facts["has_table"].as<bool>();
}

void History::read() {
  rows_.clear();
  if (!exists_) return;
  const auto result =
      query(std::string{"SELECT "} + kColumns + " FROM " + table_ + " ORDER BY installed_rank", {},
            "read", "SELECT ON TABLE " + table_);
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
    const auto seen = query(
        "SELECT count(*) AS row_count, coalesce(max(installed_rank), 0) AS last"
        " FROM " +
            table_,
        {}, "read", "SELECT ON TABLE " + table_);
    const auto row = seen.one();
    const int last = rows_.empty() ? 0 : rows_.back().installed_rank;
    if (row["row_count"].as<std::size_t>() == rows_.size() && row["last"].as<int>() == last) {
      return false;
    }
  }
  read();
  return true;
}

const HistoryRow& History::add(const MigrationFile& file,
                               std::chrono::milliseconds execution_time) {
  const bool is_repeatable = file.name.kind == MigrationKind::repeatable;
  const auto version = history_version(file.name);
  const auto known = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const HistoryRow& row) { return row.version == version; });
  const auto milliseconds =
      std::min<std::int64_t>(execution_time.count(), std::numeric_limits<std::int32_t>::max());
  const auto result = query(insertion(table_, is_repeatable),
                            {{"version_rank", version_rank(file.name, rows_)},
                             {"version", version},
                             {"description", file.name.description},
                             {"type", kSqlType},
                             {"script", file.script},
                             {"checksum", file.checksum},
                             {"execution_time", milliseconds}},
                            "write", "SELECT, INSERT, UPDATE ON TABLE " + table_);
  if (known != rows_.end()) rows_.erase(known);
  rows_.push_back(to_row(result.one()));
  return rows_.back();
}

void History::create() {
  try {
    connection_.run_script(definition(table_), limits_.deadline);
  } catch (const QueryError& error) {
    fail(error, "create", "CREATE ON SCHEMA " + session_.schema);
  }
  exists_ = true;
}

bool History::look_for_table() {
  return query("SELECT to_regclass(:name) IS NOT NULL AS has_table", {{"name", table_}}, "look for",
               "USAGE ON SCHEMA " + session_.schema)
      .scalar<bool>();
}

ResultSet History::query(const std::string& text, const Params& params, const char* task,
                         const std::string& privileges) {
  const sql::ParsedStatement statement{text, sql::postgresql_dialect()};
  try {
    return connection_.execute(
        {.statement = statement, .params = params, .timeout = limits_.timeout}, limits_.deadline);
  } catch (const QueryError& error) {
    fail(error, task, privileges);
  }
}

void History::fail(const QueryError& error, const char* task, const std::string& privileges) {
  const auto& facts = error.facts();
  auto text = "Cannot " + std::string{task} + " the history of migrations, " +
              (table_.empty() ? std::string{kTableName} : table_) + " of '" +
              session_.database_name + "': " + facts.server_message + " (SQLSTATE " +
              facts.sqlstate + ").";
  if (facts.sqlstate == "42501") {
    text += " " + grant_advice(privileges, session_);
  } else if (facts.sqlstate == "42703") {
    text +=
        " The table has not the columns of a history of flowdb's; rename it, or put it into "
        "another schema.";
  } else {
    const auto advice = advice_for(facts, {}, session_);
    if (!advice.empty()) text += " " + advice;
  }
  throw MigrationError(text, facts);
}

}  // namespace flowdb::migration
