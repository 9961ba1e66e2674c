#include <cmath>

#include <nlohmann/json.hpp>

#include <flowdb/reports.hpp>

#include "core/iso_time.hpp"

namespace flowdb {
namespace {

using nlohmann::json;

double with_two_decimals(double number) {
  return std::round(number * 100) / 100;
}

/// Milliseconds to the microsecond.
double rounded(double milliseconds) {
  return std::round(milliseconds * 1000) / 1000;
}

json text_or_null(const std::optional<std::string>& text) {
  return text ? json(*text) : json();
}

json to_document(const Percentiles& times) {
  return {{"p50", rounded(times.p50)},
          {"p95", rounded(times.p95)},
          {"p99", rounded(times.p99)},
          {"max", rounded(times.max)}};
}

json to_document(const PendingMigration& migration) {
  return {{"version", migration.version},
          {"description", migration.description},
          {"script", migration.script}};
}

json to_document(const AppliedMigration& migration) {
  return {{"version", migration.version},
          {"description", migration.description},
          {"script", migration.script},
          {"installed_by", migration.installed_by},
          {"installed_on", migration.installed_on},
          {"execution_time", migration.execution_time.count()},
          {"success", migration.success}};
}

template <class Item>
json to_list(const std::vector<Item>& items) {
  auto list = json::array();
  for (const auto& item : items) {
    list.push_back(to_document(item));
  }
  return list;
}

}  // namespace

json PoolStatus::to_json() const {
  return {{"database_name", database_name},
          {"pool_size", pool_size},
          {"max_overflow", max_overflow},
          {"checked_in", checked_in},
          {"checked_out", checked_out},
          {"overflow", overflow},
          {"invalid", invalid},
          {"total_connections", total_connections},
          {"max_connections", max_connections},
          {"utilization_percent", with_two_decimals(utilization_percent)},
          {"opening", opening},
          {"waiting", waiting},
          {"acquire_time_ms", to_document(acquire_time_ms)},
          {"held_time_ms", to_document(held_time_ms)},
          {"timestamp", core::iso_time(timestamp)}};
}

json MigrationStatus::to_json() const {
  return {{"database_name", database_name},
          {"migration_directory", migration_directory},
          {"current_version", text_or_null(current_version)},
          {"pending_migrations", to_list(pending_migrations)},
          {"applied_migrations", to_list(applied_migrations)},
          {"total_applied", total_applied}};
}

json MigrationReport::to_json() const {
  return {{"database_name", database_name},
          {"applied", to_list(applied)},
          {"current_version", text_or_null(current_version)},
          {"duration_ms", duration.count()}};
}

const char* to_string(Health health) noexcept {
  switch (health) {
    case Health::healthy:
      return "healthy";
    case Health::degraded:
      return "degraded";
    case Health::unhealthy:
      break;
  }
  return "unhealthy";
}

json HealthStatus::to_json() const {
  const auto migrations = migration_status.value_or(Migrations{});
  return {{"database_name", database_name},
          {"database_type", database_type},
          {"status", to_string(status)},
          {"connection", connection},
          {"query_test", query_test},
          {"migration_status",
           {{"current_version", text_or_null(migrations.current_version)},
            {"pending_migrations", migrations.pending_migrations}}},
          {"response_time_ms", rounded(response_time_ms)},
          {"error", text_or_null(error)},
          {"timestamp", core::iso_time(timestamp)}};
}

json HealthSummary::to_json() const {
  auto list = json::array();
  for (const auto& database : databases) {
    list.push_back(database.to_json());
  }
  return {{"status", to_string(status)}, {"databases", list}};
}

}  // namespace flowdb
