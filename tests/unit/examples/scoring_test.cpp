#include "rpa2/scoring.hpp"

#include <string>

#include <gtest/gtest.h>

#include "rpa2/sample.hpp"
#include "rpa2/user.hpp"

namespace flows::rpa2 {
namespace {

double score(const std::string& survey_type, const std::string& response_data) {
  SurveyResponse response;
  response.survey_type = survey_type;
  response.response_data = response_data;
  return score_of(response);
}

TEST(Scoring, SatisfactionIsTheOverallOne_ElseTheMeanOfTheRatings_ElseNeutral) {
  const std::string type = "Customer Satisfaction";
  EXPECT_EQ(score(type, R"({"overall_satisfaction": 9, "service": 2})"), 9.0);
  EXPECT_EQ(score(type, R"({"overall_satisfaction": 0})"), 0.0);
  EXPECT_EQ(score(type, R"({"overall_satisfaction": "very", "service": 8, "delivery": 7})"), 7.5);
  EXPECT_EQ(score(type, R"({"a": 0, "b": 10, "c": 10.01, "d": -1, "e": true, "f": "8"})"), 5.0);
  EXPECT_EQ(score(type, R"({"a": 8, "b": 7, "c": 8})"), 7.67);
  EXPECT_EQ(score(type, R"({"comment": "fine", "visits": 25})"), 5.0);
  EXPECT_EQ(score(type, "{}"), 5.0);
}

TEST(Scoring, FeedbackWeighsTheProductMore_AndResearchTakesTheInterest) {
  EXPECT_EQ(score("Product Feedback", R"({"product_rating": 8, "recommendation_likelihood": 9})"),
            8.3);
  EXPECT_EQ(score("Product Feedback", R"({"product_rating": 10, "recommendation_likelihood": 0})"),
            7.0);
  EXPECT_EQ(score("Market Research", R"({"interest_level": 6.5, "budget": 5000})"), 6.5);
}

TEST(Scoring, RefusesWhatHasNoScore) {
  const auto refusal = [](const char* type, const char* data) {
    try {
      score(type, data);
    } catch (const SurveyError& error) {
      return std::string{error.what()};
    }
    return std::string{"(scored)"};
  };
  EXPECT_EQ(refusal("Product Feedback", R"({"product_rating": 8})"),
            "the response has no number recommendation_likelihood");
  EXPECT_EQ(refusal("Market Research", R"({"interest_level": "high"})"),
            "the response has no number interest_level");
  EXPECT_EQ(refusal("Weather", "{}"), "the response's survey_type is unknown");
  for (const auto* data : {"", "{", "[8, 9]", "9", "{} {}"}) {
    EXPECT_EQ(refusal("Market Research", data),
              "the response's response_data must be a JSON object")
        << data;
  }
}

TEST(Scoring, TheSampleComesToItsKnownScores) {
  nlohmann::json scores;
  for (const auto& response : sample_responses()) {
    scores[response.survey_id] = score_of(response);
  }
  EXPECT_EQ(scores, expected_scores());
}

TEST(Users, TheSampleHasThreeValidAndTwoInvalidOnes) {
  const auto check = check_users(sample_users());
  EXPECT_EQ(check.valid, 3);
  EXPECT_EQ(check.invalid, 2);
  EXPECT_EQ(
      check.invalid_users,
      (nlohmann::json{{{"id", 4}, {"faults", {"the email must have an @ and a dot behind it"}}},
                      {{"id", 5}, {"faults", {"the name is blank"}}}}));
}

TEST(Users, AnAddressNeedsADotBehindItsAt) {
  const auto is_valid = [](const char* email) { return faults_of({1, "Ada", email}).empty(); };
  EXPECT_TRUE(is_valid("ada@example.com"));
  EXPECT_FALSE(is_valid("ada.lovelace@example"));
  EXPECT_FALSE(is_valid("ada.example.com"));
  EXPECT_FALSE(is_valid(""));
  EXPECT_EQ(faults_of({0, " \t", "@"}).size(), 3U);
  EXPECT_EQ(faults_of({-1, "Ada", "a@b.c"}).size(), 1U);
}

}  // namespace
}  // namespace flows::rpa2
