#include "rpa2/survey_response.hpp"

#include <flowdb/error.hpp>

namespace flows::rpa2 {
namespace {

std::string text(const nlohmann::json& payload, const char* name) {
  const auto found = payload.find(name);
  if (found == payload.end() || !found->is_string() ||
      found->get_ref<const std::string&>().empty()) {
    throw SurveyError(std::string{"the response's "} + name + " must be a text that is not empty");
  }
  return found->get<std::string>();
}

flowdb::Timestamp time_of(const nlohmann::json& payload) {
  try {
    return flowdb::Timestamp::parse(text(payload, "submitted_at"));
  } catch (const flowdb::InvalidArgument&) {
    throw SurveyError("the response's submitted_at must be a time like 2024-01-15 10:30:00");
  }
}

}  // namespace

nlohmann::json to_payload(const SurveyResponse& response) {
  return {{"survey_id", response.survey_id},
          {"customer_id", response.customer_id},
          {"customer_name", response.customer_name},
          {"survey_type", response.survey_type},
          {"response_data", response.response_data},
          {"submitted_at", response.submitted_at.to_string()},
          {"run_id", response.run_id}};
}

SurveyResponse from_payload(const nlohmann::json& payload) {
  if (!payload.is_object()) {
    throw SurveyError("the response must be a JSON object");
  }
  return {.survey_id = text(payload, "survey_id"),
          .customer_id = text(payload, "customer_id"),
          .customer_name = text(payload, "customer_name"),
          .survey_type = text(payload, "survey_type"),
          .response_data = text(payload, "response_data"),
          .submitted_at = time_of(payload),
          .run_id = text(payload, "run_id")};
}

}  // namespace flows::rpa2
