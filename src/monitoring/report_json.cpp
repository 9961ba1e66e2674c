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
