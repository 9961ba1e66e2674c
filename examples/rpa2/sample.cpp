#include "rpa2/sample.hpp"

namespace flows::rpa2 {

std::vector<User> sample_users() {
  return {{1, "Alice", "alice@example.com"},
          {2, "Bob", "bob@example.com"},
          {3, "Charlie", "charlie@example.com"},
          {4, "Diana", "invalid-email"},
          {5, "", "eve@example.com"}};
}

std::vector<SurveyResponse> sample_responses() {
  const std::string satisfaction = "Customer Satisfaction";
  const std::string feedback = "Product Feedback";
  const std::string research = "Market Research";
  const auto at = [](const char* time) { return flowdb::Timestamp::parse(time); };
  return {
      {"SRV-001", "CUST-001", "Alice Johnson", satisfaction,
       R"({"overall_satisfaction": 9, "service": 6, "delivery": 7})", at("2024-01-15 09:12:00")},
      {"SRV-002", "CUST-002", "Bob Smith", satisfaction,
       R"({"service": 8, "delivery": 7, "value": 6.5, "visits": 25, "again": true})",
       at("2024-01-15 10:30:00.125")},
      {"SRV-003", "CUST-003", "Zoë Krüger", satisfaction,
       R"({"comment": "keine Zeit – 日本へ出張 😀", "overall_satisfaction": null})",
       at("2024-01-16 08:00:00")},
      {"SRV-004", "CUST-004", "Diana Prince", feedback,
       R"({"product_rating": 8, "recommendation_likelihood": 9})", at("2024-01-16 11:45:30")},
      {"SRV-005", "CUST-005", "Eve Wilson", feedback,
       R"({"product_rating": 9.5, "recommendation_likelihood": 10, "comment": "sturdy"})",
       at("2024-01-17 14:20:00")},
      {"SRV-006", "CUST-006", "Frank Miller", research,
       R"({"interest_level": 6.5, "budget": 5000})", at("2024-01-18 16:05:59.999999")},
  };
}

nlohmann::json expected_summary() {
  return {{"records_processed", 6},  {"records_completed", 6}, {"records_failed", 0},
          {"success_rate", 100.0},   {"stored_surveys", 6},    {"total_valid_users", 3},
          {"total_invalid_users", 2}};
}

nlohmann::json expected_scores() {
  return {{"SRV-001", 9.0}, {"SRV-002", 7.17}, {"SRV-003", 5.0},
          {"SRV-004", 8.3}, {"SRV-005", 9.65}, {"SRV-006", 6.5}};
}

}  // namespace flows::rpa2
