#include "rpa2/flow.hpp"

#include "common/flow_execution_log.hpp"
#include "common/processing_queue.hpp"
#include "rpa2/summary.hpp"
#include "rpa2/survey_hub.hpp"
#include "rpa2/survey_processor.hpp"

namespace flows::rpa2 {
namespace {

constexpr const char* kFlow = "rpa2";

void enqueue(ProcessingQueue& queue, std::vector<SurveyResponse> responses,
             const std::string& run_id) {
  std::vector<nlohmann::json> payloads;
  for (auto& response : responses) {
    response.run_id = run_id;
    payloads.push_back(to_payload(response));
  }
  if (!payloads.empty()) {
    queue.enqueue(payloads);
  }
}

/// Works through the queue until nothing is pending, and adds what came of it.
void drain(flowdb::DatabaseManager& database, ProcessingQueue& queue, int batch_size,
           FlowOutcome& outcome) {
  SurveyProcessor processor{database, queue};
  auto& scores = outcome.metadata["survey_scores"] = nlohmann::json::object();
  for (auto records = queue.claim(batch_size); !records.empty();
       records = queue.claim(batch_size)) {
    for (const auto& record : records) {
      const auto result = processor.process(record);
      ++(result ? outcome.records_successful : outcome.records_failed);
      if (result) {
        scores[result->survey_id] = result->score;
      }
    }
    ++outcome.database_operations;
  }
  outcome.records_processed = outcome.records_successful + outcome.records_failed;
  outcome.database_operations += outcome.records_processed;
}

FlowOutcome process(flowdb::DatabaseManager& database, flowdb::DatabaseManager& survey_hub,
                    const Input& input, const std::string& run_id, const std::string& instance_id) {
  FlowOutcome outcome;
  const auto users = check_users(input.users);
  outcome.metadata = {{"total_valid_users", users.valid},
                      {"total_invalid_users", users.invalid},
                      {"invalid_users", users.invalid_users}};
  ProcessingQueue queue{database, kFlow, instance_id};
  queue.clean_up_orphans();
  enqueue(queue, read_responses(survey_hub, input.since), run_id);
  drain(database, queue, input.batch_size, outcome);
  outcome.health = database.health_check();
  // The log's start and end, the orphans, the queue filled and found empty, and the check.
  outcome.database_operations += 6;
  return outcome;
}

}  // namespace

nlohmann::json run(flowdb::DatabaseManager& database, flowdb::DatabaseManager& survey_hub,
                   const Input& input, const std::string& run_id, const std::string& instance_id) {
  const flowdb::RunContext context{{.flow = kFlow, .task = "surveys", .run_id = run_id}};
  FlowExecutionLog log{database, kFlow, run_id};
  try {
    log.complete(process(database, survey_hub, input, run_id, instance_id));
  } catch (const std::exception& error) {
    log.fail(error);
    throw;
  }
  return summarise(database, run_id, instance_id);
}

}  // namespace flows::rpa2
