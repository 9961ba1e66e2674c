#pragma once

#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include <flowdb/types.hpp>

namespace flows::rpa2 {

/// A row of SurveyHub's survey_responses.
struct SurveyResponse {
  std::string survey_id;
  std::string customer_id;
  std::string customer_name;
  std::string survey_type;
  std::string response_data;  ///< JSON, as the customer's browser sent it
  flowdb::Timestamp submitted_at;
  std::string run_id = {};  ///< the run that put it into the queue
};

/// A response that cannot be processed, now or later.
class SurveyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// As the response travels through the queue, and back.
/// \throws SurveyError for a payload that is no response; names the member, shows no value.
nlohmann::json to_payload(const SurveyResponse& response);
SurveyResponse from_payload(const nlohmann::json& payload);

}  // namespace flows::rpa2
