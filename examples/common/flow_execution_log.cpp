#include "common/flow_execution_log.hpp"

#include <iostream>
#include <string_view>

namespace flows {
namespace {

constexpr std::string_view kStart = R"sql(
INSERT INTO flow_execution_logs (flow_name, flow_run_id, database_name, execution_start)
VALUES (:flow_name, :run_id, :database_name, timezone('utc', clock_timestamp()))
RETURNING id)sql";

constexpr std::string_view kEnd = R"sql(
WITH clock AS (SELECT timezone('utc', clock_timestamp()) AS now)
UPDATE flow_execution_logs
SET execution_end = clock.now,
    execution_duration_ms = round(extract(epoch FROM clock.now - execution_start) * 1000),
    status = :status,
    records_processed = :processed,
    records_successful = :successful,
    records_failed = :failed,
    database_operations = :operations,
    health_check_status = :health,
    health_check_response_time_ms = :response_time_ms,
    error_message = :error,
    metadata = :metadata
FROM clock
WHERE id = :id)sql";

flowdb::Params end_of(std::int64_t id, const char* status, const FlowOutcome& outcome) {
  return {{"id", id},
          {"status", status},
          {"processed", outcome.records_processed},
          {"successful", outcome.records_successful},
          {"failed", outcome.records_failed},
          {"operations", outcome.database_operations},
          {"metadata", outcome.metadata}};
}

}  // namespace

FlowExecutionLog::FlowExecutionLog(flowdb::DatabaseManager& database, const std::string& flow_name,
                                   const std::string& run_id)
    : database_(database),
      id_(database
              .execute_query(kStart, {{"flow_name", flow_name},
                                      {"run_id", run_id},
                                      {"database_name", database.database_name()}})
              .scalar<std::int64_t>()) {}

void FlowExecutionLog::complete(const FlowOutcome& outcome) {
  auto params = end_of(id_, "completed", outcome);
  params.set("health", flowdb::to_string(outcome.health.status));
  params.set("response_time_ms", outcome.health.response_time_ms);
  params.set("error", nullptr);
  database_.execute_query(kEnd, params);
}

void FlowExecutionLog::fail(const std::exception& error) noexcept {
  try {
    auto params = end_of(id_, "failed", {});
    params.set("health", nullptr);
    params.set("response_time_ms", nullptr);
    params.set("error", error.what());
    database_.execute_query(kEnd, params);
  } catch (const std::exception& second) {
    std::cerr << "the failed run could not be logged: " << second.what() << '\n';
  }
}

}  // namespace flows
