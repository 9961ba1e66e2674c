#include "rpa2/survey_hub.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace flows::rpa2 {
namespace {

constexpr std::string_view kRead = R"sql(
SELECT survey_id, customer_id, customer_name, survey_type, response_data, submitted_at
FROM survey_responses
WHERE submitted_at >= :since
ORDER BY survey_id)sql";

constexpr std::string_view kCountTables =
    "SELECT COUNT(*) AS tables FROM INFORMATION_SCHEMA.TABLES"
    " WHERE TABLE_NAME = 'survey_responses'";

/// The two servers agree on everything but the names of three types.
std::string definition(flowdb::DatabaseType type) {
  const bool is_sqlserver = type == flowdb::DatabaseType::sqlserver;
  const std::string text = is_sqlserver ? "NVARCHAR" : "VARCHAR";
  return "CREATE TABLE survey_responses (survey_id " + text +
         "(50) NOT NULL PRIMARY KEY,"
         " customer_id " +
         text + "(50) NOT NULL, customer_name " + text +
         "(255) NOT NULL,"
         " survey_type " +
         text +
         "(100) NOT NULL,"
         " response_data " +
         (is_sqlserver ? "NVARCHAR(MAX)" : "TEXT") +
         " NOT NULL,"
         " submitted_at " +
         (is_sqlserver ? "DATETIME2" : "TIMESTAMP") + " NOT NULL)";
}

}  // namespace

std::vector<SurveyResponse> read_responses(flowdb::DatabaseManager& survey_hub,
                                           const flowdb::Timestamp& since) {
  std::vector<SurveyResponse> responses;
  for (const auto& row : survey_hub.stream_query(kRead, {{"since", since}})) {
    responses.push_back({.survey_id = row["survey_id"].as<std::string>(),
                         .customer_id = row["customer_id"].as<std::string>(),
                         .customer_name = row["customer_name"].as<std::string>(),
                         .survey_type = row["survey_type"].as<std::string>(),
                         .response_data = row["response_data"].as<std::string>(),
                         .submitted_at = row["submitted_at"].as<flowdb::Timestamp>()});
  }
  return responses;
}

bool make_survey_hub(flowdb::DatabaseManager& survey_hub,
                     const std::vector<SurveyResponse>& responses) {
  if (survey_hub.execute_query(kCountTables).scalar<std::int64_t>() > 0) {
    return false;
  }
  survey_hub.execute_query(definition(survey_hub.database_type()));
  std::vector<std::vector<flowdb::Value>> rows;
  for (const auto& response : responses) {
    rows.push_back({response.survey_id, response.customer_id, response.customer_name,
                    response.survey_type, response.response_data, response.submitted_at});
  }
  survey_hub.bulk_insert(
      "survey_responses",
      {"survey_id", "customer_id", "customer_name", "survey_type", "response_data", "submitted_at"},
      rows);
  return true;
}

}  // namespace flows::rpa2
