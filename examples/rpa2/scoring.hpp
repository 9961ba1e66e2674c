#pragma once

#include "rpa2/survey_response.hpp"

namespace flows::rpa2 {

/// The response as one number, rounded to two decimals:
/// - Customer Satisfaction: overall_satisfaction, else the mean of the numbers from 0 to 10 that
///   the response has, else 5.
/// - Product Feedback: 0.7 × product_rating + 0.3 × recommendation_likelihood.
/// - Market Research: interest_level.
/// \throws SurveyError for another type, response data that is no JSON object, or a number missing.
double score_of(const SurveyResponse& response);

}  // namespace flows::rpa2
