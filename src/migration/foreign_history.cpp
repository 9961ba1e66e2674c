#include "migration/foreign_history.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <flowdb/error.hpp>

#include "core/ascii.hpp"
#include "migration/history_reading.hpp"

namespace flowdb::migration {

namespace {

bool has_column(const ResultSet& result, std::string_view name) {
  const auto& columns = result.columns();
  return std::any_of(columns.begin(), columns.end(),
                     [&](const Column& column) { return column.name == name; });
}

std::optional<FileName> name_of(const std::string& script) {
  try {
    return parse_file_name(script.substr(script.rfind('/') + 1));
  } catch (const MigrationError&) {
    return std::nullopt;
  }
}

/// Flyway before 5 says JDBC and the like as we know them; before 3 a baseline was an INIT.
HistoryRow flyway_row(const Row& row, bool is_version_3) {
  HistoryRow result;
  result.installed_rank = row["installed_rank"].as<int>();
  result.version = row["version"].as<std::optional<std::string>>().value_or("");
  result.description = row["description"].as<std::string>();
  result.type = row["type"].as<std::string>();
  result.script = row["script"].as<std::string>();
  result.checksum = row["checksum"].as<std::optional<std::int32_t>>();
  result.installed_by = row["installed_by"].as<std::string>();
  result.installed_on = iso_text(row["installed_on"].as<std::string>());
  result.execution_time = std::chrono::milliseconds{row["execution_time"].as<int>()};
  result.success = row["success"].as<bool>();
  if (is_version_3) result.version_rank = row["version_rank"].as<int>();
  return result;
}

/// `D25E2CA3`, the CRC32 without leading zeros.
std::int32_t hexadecimal(const std::string& text, const std::string& script) {
  std::uint32_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
  if (error != std::errc{} || stop != end) {
    throw ForeignHistoryError("the checksum of '" + script +
                              "' is no hexadecimal number of 32 bits.");
  }
  return static_cast<std::int32_t>(number);
}

HistoryRow pyway_row(const Row& row) {
  HistoryRow result;
  result.installed_rank = row["installed_rank"].as<int>();
  result.script = row["name"].as<std::string>();
  result.version = row["version"].as<std::string>();
  const auto name = name_of(result.script);
  result.description = name ? name->description : result.script;
  const auto extension = to_upper(row["extension"].as<std::string>());
  result.type = extension.empty() ? kSqlType : extension;
  result.checksum = hexadecimal(row["checksum"].as<std::string>(), result.script);
  result.installed_by = "pyway";
  result.installed_on = iso_text(
      row["apply_timestamp"].as<std::optional<std::string>>().value_or("1970-01-01 00:00:00"));
  return result;
}

/// The version text of a repeatable script's row, which has none in Flyway.
std::string repeatable_key(const HistoryRow& row) {
  const auto name = name_of(row.script);
  if (name && name->kind == MigrationKind::repeatable) return history_version(*name);
  return history_version({MigrationKind::repeatable, std::nullopt, row.description});
}

/// The same migration has the same key, however its version is written.
std::string key_of(const HistoryRow& row) {
  const auto version = Version::parse(row.version);
  return version ? version->normalized() : row.version;
}

/// Says of each row whether it is in force: the last of its key, unless that is an undo or a mark
/// of deletion, which end what was before them.
void find_former_rows(std::vector<HistoryRow>& rows) {
  std::map<std::string, HistoryRow*> in_force;
  for (auto& row : rows) {
    const auto found = in_force.find(key_of(row));
    const auto end = [&](HistoryRow& former) {
      former.version = former_version(former.installed_rank, former.version);
    };
    const bool ends_others = row.type == kUndoType || row.type == "UNDO_JDBC" ||
                             row.type == "DELETE" || row.type == kDeletedType;
    if (ends_others) {
      if (found != in_force.end()) {
        if (row.type == "DELETE") found->second->type = kDeletedType;
        end(*found->second);
        in_force.erase(found);
      }
      end(row);
    } else if (found != in_force.end()) {
      end(*found->second);
      found->second = &row;
    } else {
      in_force.emplace(key_of(row), &row);
    }
  }
}

void rank_versions(std::vector<HistoryRow>& rows) {
  std::vector<std::pair<std::optional<Version>, HistoryRow*>> order;
  for (auto& row : rows) {
    row.version_rank = 0;
    if (!is_former(row)) order.emplace_back(Version::parse(row.version), &row);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& left, const auto& right) {
    if (!left.first || !right.first) return left.first.has_value() && !right.first.has_value();
    return *left.first < *right.first;
  });
  int rank = 0;
  for (auto& [version, row] : order) row->version_rank = ++rank;
}

}  // namespace

std::vector<HistoryRow> adopted_rows(const ResultSet& result) {
  const bool is_pyway = has_column(result, "extension") && has_column(result, "apply_timestamp");
  const bool is_flyway = has_column(result, "success") && has_column(result, "script");
  if ((!is_pyway && !is_flyway) || !has_column(result, "installed_rank")) {
    throw ForeignHistoryError("its columns are neither Flyway's nor Pyway's.");
  }
  const bool is_version_3 = has_column(result, "version_rank");
  std::vector<HistoryRow> rows;
  rows.reserve(result.size());
  for (const auto& row : result) {
    auto adopted = is_pyway ? pyway_row(row) : flyway_row(row, is_version_3);
    if (adopted.type == "SCHEMA") continue;
    if (adopted.version.empty()) adopted.version = repeatable_key(adopted);
    rows.push_back(std::move(adopted));
  }
  find_former_rows(rows);
  rank_versions(rows);
  return rows;
}

}  // namespace flowdb::migration
