#include "rpa3/summary.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace flows::rpa3 {
namespace {

constexpr std::string_view kSummary = R"sql(
SELECT count(*) FILTER (WHERE record.status IN ('completed', 'failed')) AS processed,
       count(*) FILTER (WHERE record.status = 'completed') AS completed,
       count(*) FILTER (WHERE record.status = 'failed') AS failed,
       count(*) FILTER (WHERE record.retry_count > 0) AS retried,
       count(DISTINCT record.flow_instance_id) AS instances,
       count(stored.order_id) AS orders,
       count(*) FILTER (WHERE stored.fulfillment_status = 'approved') AS approved,
       coalesce(sum(stored.total_amount)
                FILTER (WHERE stored.fulfillment_status = 'approved'), 0) AS revenue
FROM processing_queue AS record
LEFT JOIN customer_orders AS stored
  ON stored.order_id = record.payload->>'order_id'
  AND stored.processed_by_flow = record.flow_name || '/' || (record.payload->>'run_id')
WHERE record.flow_name = 'rpa3' AND record.payload->>'run_id' = :run_id
  AND (:claimed_by::text IS NULL OR record.flow_instance_id = :claimed_by))sql";

constexpr std::string_view kOrderTotals =
    "SELECT order_id, total_amount FROM customer_orders WHERE processed_by_flow = 'rpa3/' || "
    ":run_id";

/// With two decimals.
double percentage(std::int64_t part, std::int64_t whole) {
  return whole == 0
             ? 0.0
             : std::round(10'000.0 * static_cast<double>(part) / static_cast<double>(whole)) /
                   100.0;
}

}  // namespace

nlohmann::json summarise(flowdb::DatabaseManager& database, const std::string& run_id,
                         const std::string& processor_instance,
                         const std::optional<std::string>& claimed_by) {
  const auto rows =
      database.execute_query(kSummary, {{"run_id", run_id}, {"claimed_by", claimed_by}});
  const auto row = rows.one();
  const auto count = [&row](const char* column) { return row[column].as<std::int64_t>(); };
  if (count("processed") == 0) {
    return {{"flow_name", "rpa3"}, {"records_processed", 0}, {"message", "No records to process"}};
  }
  return {{"flow_name", "rpa3"},
          {"records_processed", count("processed")},
          {"records_completed", count("completed")},
          {"records_failed", count("failed")},
          {"records_retried", count("retried")},
          {"success_rate", percentage(count("completed"), count("processed"))},
          {"processor_instance", processor_instance},
          {"processor_instances", count("instances")},
          {"total_orders", count("orders")},
          {"approved_orders", count("approved")},
          {"approval_rate", percentage(count("approved"), count("orders"))},
          {"total_revenue", row["revenue"].as<double>()}};
}

nlohmann::json order_totals(flowdb::DatabaseManager& database, const std::string& run_id) {
  auto totals = nlohmann::json::object();
  const auto rows = database.execute_query(kOrderTotals, {{"run_id", run_id}});
  for (const auto& row : rows) {
    totals[row["order_id"].as<std::string>()] = row["total_amount"].as<double>();
  }
  return totals;
}

}  // namespace flows::rpa3
