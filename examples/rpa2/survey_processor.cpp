#include "rpa2/survey_processor.hpp"

#include <string_view>

#include "rpa2/scoring.hpp"

namespace flows::rpa2 {
namespace {

// A record that is tried again in the same run brings its row up to date.
constexpr std::string_view kStore = R"sql(
WITH updated AS (
  UPDATE processed_surveys
  SET processing_status = :status,
      processed_at = timezone('utc', clock_timestamp()),
      processing_duration_ms = :duration_ms,
      error_message = :error,
      updated_at = timezone('utc', clock_timestamp())
  WHERE survey_id = :survey_id AND flow_run_id = :run_id
  RETURNING id
)
INSERT INTO processed_surveys (
  survey_id, customer_id, customer_name, survey_type, processing_status, processed_at,
  processing_duration_ms, flow_run_id, error_message)
SELECT :survey_id, :customer_id, :customer_name, :survey_type, :status,
       timezone('utc', clock_timestamp()), :duration_ms, :run_id, :error
WHERE NOT EXISTS (SELECT FROM updated))sql";

void store(flowdb::Transaction& transaction, const SurveyResponse& response,
           std::chrono::steady_clock::time_point started, const std::optional<std::string>& error) {
  using std::chrono::milliseconds;
  const auto duration = std::chrono::steady_clock::now() - started;
  transaction.execute_query(
      kStore, {{"survey_id", response.survey_id},
               {"customer_id", response.customer_id},
               {"customer_name", response.customer_name},
               {"survey_type", response.survey_type},
               {"status", error ? "failed" : "completed"},
               {"duration_ms", std::chrono::duration_cast<milliseconds>(duration).count()},
               {"run_id", response.run_id},
               {"error", error}});
}

}  // namespace

SurveyProcessor::SurveyProcessor(flowdb::DatabaseManager& database, ProcessingQueue& queue)
    : database_(database), queue_(queue) {}

std::optional<SurveyScore> SurveyProcessor::process(const QueueRecord& record) {
  const auto started = Clock::now();
  try {
    const auto response = from_payload(record.payload);
    try {
      return score(record, response, started);
    } catch (const SurveyError& error) {
      reject(record, response, error.what(), started);
    }
  } catch (const SurveyError& error) {  // a payload without what its row needs
    queue_.fail(record.id, error.what());
  } catch (const flowdb::QueryError& error) {
    queue_.fail(record.id, error.what());
  }
  return std::nullopt;
}

SurveyScore SurveyProcessor::score(const QueueRecord& record, const SurveyResponse& response,
                                   Clock::time_point started) {
  const SurveyScore result{response.survey_id, score_of(response)};
  database_.transaction([&](flowdb::Transaction& transaction) {
    store(transaction, response, started, std::nullopt);
    queue_.complete(transaction, record.id);
  });
  return result;
}

void SurveyProcessor::reject(const QueueRecord& record, const SurveyResponse& response,
                             const std::string& reason, Clock::time_point started) {
  database_.transaction([&](flowdb::Transaction& transaction) {
    store(transaction, response, started, reason);
    queue_.fail(transaction, record.id, reason);
  });
}

}  // namespace flows::rpa2
