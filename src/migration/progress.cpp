#include "migration/progress.hpp"

#include <algorithm>
#include <utility>

#include "sql/statement.hpp"

namespace flowdb::migration {

namespace {

constexpr const char* kStarted = "started";
constexpr const char* kDone = "done";
constexpr const char* kFailed = "failed";

const char* word_for(StatementState state) {
  if (state == StatementState::done) return kDone;
  return state == StatementState::failed ? kFailed : kStarted;
}

StatementState state_of(const std::string& word) {
  if (word == kDone) return StatementState::done;
  return word == kFailed ? StatementState::failed : StatementState::started;
}

}  // namespace

Progress::Progress(backend::Connection& connection, const SqlDialect& dialect,
                   const History& history)
    : connection_(connection),
      dialect_(dialect),
      history_(history),
      table_(history.table() + "_progress") {}

void Progress::read() {
  rows_.clear();
  const auto* const non_transactional = dialect_.non_transactional();
  const auto& history = history_.rows();
  const bool has_begun = std::any_of(history.begin(), history.end(), is_under_way);
  if (non_transactional == nullptr || !has_begun || !history_.exists()) return;
  if (!query(non_transactional->table_question(), {{"name", table_}}).scalar<bool>()) return;
  for (const auto& row : query("SELECT version, statement, checksum, state FROM " + table_ +
                               " ORDER BY version, statement")) {
    rows_.push_back({row["version"].as<std::string>(), row["statement"].as<int>(),
                     row["checksum"].as<std::int32_t>(), state_of(row["state"].as<std::string>())});
  }
}

std::vector<ProgressRow> Progress::rows_of(const std::string& version) const {
  std::vector<ProgressRow> rows;
  std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(rows),
               [&](const ProgressRow& row) { return row.version == version; });
  return rows;
}

void Progress::create_if_missing() {
  const auto& non_transactional = *dialect_.non_transactional();
  if (query(non_transactional.table_question(), {{"name", table_}}).scalar<bool>()) return;
  try {
    connection_.run_script(non_transactional.progress_definition(table_), Deadline::never());
  } catch (const QueryError& error) {
    fail(error,
         dialect_.history_advice(HistoryTask::create, table_, error.facts(), history_.session()));
  }
}

void Progress::record(const ProgressRow& row) {
  const Params params{{"version", row.version},
                      {"statement", row.statement},
                      {"checksum", row.checksum},
                      {"state", word_for(row.state)}};
  const auto updated = query("UPDATE " + table_ +
                                 " SET checksum = :checksum, state = :state, changed_on = DEFAULT"
                                 " WHERE version = :version AND statement = :statement",
                             params);
  if (updated.affected_rows() == 0) {
    query("INSERT INTO " + table_ +
              " (version, statement, checksum, state)"
              " VALUES (:version, :statement, :checksum, :state)",
          params);
  }
}

void Progress::remove(const std::string& version) {
  query("DELETE FROM " + table_ + " WHERE version = :version", {{"version", version}});
  rows_.erase(std::remove_if(rows_.begin(), rows_.end(),
                             [&](const ProgressRow& row) { return row.version == version; }),
              rows_.end());
}

ResultSet Progress::query(const std::string& text, const Params& params) {
  const sql::ParsedStatement statement{text, dialect_.lexical()};
  try {
    return connection_.execute({.statement = statement, .params = params, .one_off = true},
                               Deadline::never());
  } catch (const QueryError& error) {
    fail(error, dialect_.advice(error.facts(), statement.verb(), history_.session()));
  }
}

void Progress::fail(const QueryError& error, const std::string& advice) const {
  const auto& facts = error.facts();
  throw MigrationError("Cannot work with the progress of migrations, " + table_ + " of '" +
                           history_.session().database_name + "': " + facts.server_message +
                           " (SQLSTATE " + facts.sqlstate + ")." +
                           (advice.empty() ? "" : " " + advice),
                       facts);
}

ResumePoint resume_point(const std::vector<ProgressRow>& rows) {
  ResumePoint point;
  for (const auto& row : rows) {
    if (row.state == StatementState::done) {
      point.next = static_cast<std::size_t>(row.statement);
    } else {
      point.next = static_cast<std::size_t>(row.statement) - 1;
      point.is_in_doubt = row.state == StatementState::started;
      point.has_failed = row.state == StatementState::failed;
      break;
    }
  }
  return point;
}

std::int32_t checksum_of(const Script& script, std::size_t statement) {
  return raw_checksum(script.text_of(script.statements[statement]));
}

void check_prefix(const Script& script, const std::vector<ProgressRow>& rows,
                  std::vector<Problem>& problems) {
  for (const auto& row : rows) {
    if (row.state == StatementState::failed) continue;
    const auto index = static_cast<std::size_t>(row.statement) - 1;
    const bool is_there = index < script.statements.size();
    if (is_there && checksum_of(script, index) == row.checksum) continue;
    const auto offset = is_there ? script.statements[index].begin : script.file->contents.size();
    problems.push_back(problem_at(
        *script.file, offset,
        "statement " + std::to_string(row.statement) +
            " of this script was carried out, or begun, with another text; the script cannot go on "
            "behind it. Restore what it was up to there (what follows may be changed), or put "
            "right "
            "by hand what it has done, have Migrator::repair() (flowdb repair) forget it, and run "
            "the migrations again: they begin it anew."));
    return;
  }
}

}  // namespace flowdb::migration
