#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "rpa2/survey_response.hpp"
#include "rpa2/user.hpp"

namespace flows::rpa2 {

/// The day's users, and a small SurveyHub: each type of survey, and each way to a satisfaction.
std::vector<User> sample_users();
std::vector<SurveyResponse> sample_responses();

/// What a run over the sample must come to: members of its summary, and the score of each response.
nlohmann::json expected_summary();
nlohmann::json expected_scores();

}  // namespace flows::rpa2
