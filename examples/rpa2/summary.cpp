#include "rpa2/summary.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace flows::rpa2 {
namespace {

constexpr std::string_view kSummary = R"sql(
WITH queued AS (
  SELECT count(*) FILTER (WHERE status IN ('completed', 'failed')) AS processed,
         count(*) FILTER (WHERE status = 'completed') AS completed,
         count(*) FILTER (WHERE status = 'failed') AS failed
  FROM processing_queue
  WHERE flow_name = 'rpa2' AND payload->>'run_id' = :run_id
), stored AS (
  SELECT count(*) FILTER (WHERE processing_status = 'completed') AS surveys
  FROM processed_surveys
  WHERE flow_run_id = :run_id
)
SELECT queued.*, stored.surveys, run.metadata
FROM queued, stored, flow_execution_logs AS run
WHERE run.flow_name = 'rpa2' AND run.flow_run_id = :run_id)sql";

}  // namespace

nlohmann::json summarise(flowdb::DatabaseManager& database, const std::string& run_id,
                         const std::string& processor_instance) {
  const auto rows = database.execute_query(kSummary, {{"run_id", run_id}});
  const auto row = rows.one();
  const auto count = [&row](const char* column) { return row[column].as<std::int64_t>(); };
  const auto processed = count("processed");
  if (processed == 0) {
    return {{"flow_name", "rpa2"}, {"records_processed", 0}, {"message", "No records to process"}};
  }
  const auto rate = static_cast<double>(count("completed")) / static_cast<double>(processed);
  nlohmann::json summary{{"flow_name", "rpa2"},
                         {"records_processed", processed},
                         {"records_completed", count("completed")},
                         {"records_failed", count("failed")},
                         {"success_rate", std::round(10'000.0 * rate) / 100.0},
                         {"processor_instance", processor_instance},
                         {"stored_surveys", count("surveys")}};
  summary.update(row["metadata"].as<nlohmann::json>());
  return summary;
}

}  // namespace flows::rpa2
