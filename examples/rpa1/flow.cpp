#include "rpa1/flow.hpp"

#include <fstream>
#include <stdexcept>
#include <string_view>

#include "common/flow_execution_log.hpp"
#include "rpa1/sales.hpp"

namespace flows::rpa1 {
namespace {

constexpr std::string_view kStoredRun = R"sql(
SELECT flow_name, flow_run_id, status, records_processed, records_successful, records_failed,
       database_operations, execution_start, execution_end, execution_duration_ms,
       health_check_status, health_check_response_time_ms, metadata
FROM flow_execution_logs
WHERE id = :id)sql";

SalesFile read_file(const std::filesystem::path& file) {
  std::ifstream csv{file, std::ios::binary};
  if (!csv) {
    throw std::runtime_error("cannot open " + file.string());
  }
  return read_sales(csv);
}

FlowOutcome process(flowdb::DatabaseManager& database, const std::filesystem::path& file) {
  const auto contents = read_file(file);
  FlowOutcome outcome;
  outcome.records_successful = static_cast<int>(contents.sales.size());
  outcome.records_failed = static_cast<int>(contents.rejected.size());
  outcome.records_processed = outcome.records_successful + outcome.records_failed;
  outcome.health = database.health_check();
  outcome.database_operations = 3;  // the check, and the log's start and end
  outcome.metadata = results_of(contents);
  outcome.metadata["source_file"] = file.filename().string();
  return outcome;
}

}  // namespace

nlohmann::json run(flowdb::DatabaseManager& database, const std::filesystem::path& file,
                   const std::string& run_id) {
  const flowdb::RunContext context{{.flow = "rpa1", .task = "sales", .run_id = run_id}};
  FlowExecutionLog log{database, "rpa1", run_id};
  try {
    log.complete(process(database, file));
  } catch (const std::exception& error) {
    log.fail(error);
    throw;
  }
  auto summary = database.execute_query(kStoredRun, {{"id", log.id()}}).one().to_json();
  const auto results = summary["metadata"];
  summary.erase("metadata");
  summary.update(results);
  return summary;
}

}  // namespace flows::rpa1
