#include <nlohmann/json.hpp>

#include <flowdb/reports.hpp>

#include "core/iso_time.hpp"
#include "monitoring/json_values.hpp"

namespace flowdb {
namespace {

using monitoring::rounded;
using monitoring::text_or_null;
using nlohmann::json;

}  // namespace
}  // namespace flowdb

const char* flowdb::to_string(Health health) noexcept {
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

namespace flowdb {

json HealthStatus::to_json() const {
  const auto migrations = migration_status.value_or(Migrations{});
  json document{{"database_name", database_name},
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
  if (replica) {
    document["replica"] = {{"connection", replica->connection},
                           {"query_test", replica->query_test},
                           {"lag_ms", replica->lag ? json(replica->lag->count()) : json()},
                           {"error", text_or_null(replica->error)}};
  }
  return document;
}

json HealthSummary::to_json() const {
  auto list = json::array();
  for (const auto& database : databases) {
    list.push_back(database.to_json());
  }
  return {{"status", to_string(status)}, {"databases", list}};
}

}  // namespace flowdb
