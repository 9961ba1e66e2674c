#include "migration/history_reading.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "migration/sql_dialect.hpp"

namespace flowdb::migration {

namespace {

/// By their places, since names would be looked up for each of thousands of rows.
HistoryRow to_row(const Row& row) {
  return {.version_rank = row[0].as<int>(),
          .installed_rank = row[1].as<int>(),
          .version = row[2].as<std::string>(),
          .description = row[3].as<std::string>(),
          .type = row[4].as<std::string>(),
          .script = row[5].as<std::string>(),
          .checksum = row[6].as<std::optional<std::int32_t>>(),
          .installed_by = row[7].as<std::string>(),
          .installed_on = iso_text(row[8].as<std::string>()),
          .execution_time = std::chrono::milliseconds{row[9].as<int>()},
          .success = row[10].as<bool>()};
}

}  // namespace

std::vector<HistoryRow> rows_in(const ResultSet& result) {
  std::vector<HistoryRow> rows;
  rows.reserve(result.size());
  for (const auto& row : result) rows.push_back(to_row(row));
  return rows;
}

std::string iso_text(std::string timestamp) {
  constexpr std::size_t kDigits = 6;
  std::replace(timestamp.begin(), timestamp.end(), ' ', 'T');
  auto point = timestamp.find('.');
  if (point == std::string::npos) {
    point = timestamp.size();
    timestamp += '.';
  }
  timestamp.resize(std::max(timestamp.size(), point + 1 + kDigits), '0');
  return timestamp + "Z";
}

std::string copy_statement(const std::string& table) {
  return "INSERT INTO " + table + " (" + kHistoryColumns +
         ") VALUES (:version_rank, :installed_rank, :version, :description, :type, :script,"
         " :checksum, :installed_by, :installed_on, :execution_time, :success)";
}

Params copy_params(const HistoryRow& row) {
  auto installed_on = row.installed_on.substr(0, row.installed_on.find('Z'));
  std::replace(installed_on.begin(), installed_on.end(), 'T', ' ');
  return {{"version_rank", row.version_rank},
          {"installed_rank", row.installed_rank},
          {"version", row.version},
          {"description", row.description},
          {"type", row.type},
          {"script", row.script},
          {"checksum", row.checksum},
          {"installed_by", row.installed_by},
          {"installed_on", installed_on},
          {"execution_time", row.execution_time.count()},
          {"success", row.success}};
}

}  // namespace flowdb::migration
