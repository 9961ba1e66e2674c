#include "rpa2/scoring.hpp"

#include <cmath>
#include <optional>

namespace flows::rpa2 {
namespace {

std::optional<double> find_number(const nlohmann::json& answers, const char* name) {
  const auto found = answers.find(name);
  if (found == answers.end() || !found->is_number()) {
    return std::nullopt;
  }
  return found->get<double>();
}

double number(const nlohmann::json& answers, const char* name) {
  const auto value = find_number(answers, name);
  if (!value) {
    throw SurveyError(std::string{"the response has no number "} + name);
  }
  return *value;
}

double satisfaction(const nlohmann::json& answers) {
  constexpr double kNeutral = 5.0;
  if (const auto overall = find_number(answers, "overall_satisfaction")) {
    return *overall;
  }
  double sum = 0;
  int ratings = 0;
  for (const auto& answer : answers) {
    const double value = answer.is_number() ? answer.get<double>() : -1;
    if (value >= 0 && value <= 10) {
      sum += value;
      ++ratings;
    }
  }
  return ratings == 0 ? kNeutral : sum / ratings;
}

double raw_score(const std::string& survey_type, const nlohmann::json& answers) {
  if (survey_type == "Customer Satisfaction") {
    return satisfaction(answers);
  }
  if (survey_type == "Product Feedback") {
    return 0.7 * number(answers, "product_rating") +
           0.3 * number(answers, "recommendation_likelihood");
  }
  if (survey_type == "Market Research") {
    return number(answers, "interest_level");
  }
  throw SurveyError("the response's survey_type is unknown");
}

}  // namespace

double score_of(const SurveyResponse& response) {
  const auto answers = nlohmann::json::parse(response.response_data, nullptr, false);
  if (!answers.is_object()) {
    throw SurveyError("the response's response_data must be a JSON object");
  }
  return std::round(raw_score(response.survey_type, answers) * 100) / 100;
}

}  // namespace flows::rpa2
