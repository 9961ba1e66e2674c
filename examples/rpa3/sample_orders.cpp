#include "rpa3/sample_orders.hpp"

namespace flows::rpa3 {
namespace {

using std::chrono::January;
using std::chrono::year;

flowdb::Date january(int day) {
  return year{2024} / January / day;
}

}  // namespace

std::vector<Order> sample_orders() {
  const std::string a = "Premium Widget A";
  const std::string b = "Standard Widget B";
  const std::string c = "Budget Widget C";
  return {
      {"ORD-001", "CUST-001", "Alice Johnson", a, 2, 25'50, january(15), "high", "North"},
      {"ORD-002", "CUST-002", "Bob Smith", b, 5, 15'75, january(15), "medium", "South"},
      {"ORD-003", "CUST-003", "Charlie Brown", c, 10, 8'99, january(16), "low", "East"},
      {"ORD-004", "CUST-004", "Diana Prince", a, 1, 25'50, january(16), "high", "West"},
      {"ORD-005", "CUST-005", "Eve Wilson", b, 3, 15'75, january(17), "medium", "North"},
      {"ORD-006", "CUST-006", "Frank Miller", c, 8, 8'99, january(17), "low", "South"},
      {"ORD-007", "CUST-007", "Grace Lee", a, 4, 25'50, january(18), "high", "East"},
      {"ORD-008", "CUST-008", "Henry Davis", b, 6, 15'75, january(18), "medium", "West"},
  };
}

Stock sample_stock() {
  return {{"Premium Widget A", 50}, {"Standard Widget B", 100}, {"Budget Widget C", 200}};
}

nlohmann::json expected_summary() {
  return {{"records_processed", 8}, {"records_completed", 8}, {"records_failed", 0},
          {"records_retried", 0},   {"success_rate", 100.0},  {"total_orders", 8},
          {"approved_orders", 8},   {"approval_rate", 100.0}, {"total_revenue", 577.23}};
}

nlohmann::json expected_totals() {
  return {{"ORD-001", 49.98}, {"ORD-002", 80.33}, {"ORD-003", 97.99},  {"ORD-004", 24.99},
          {"ORD-005", 48.67}, {"ORD-006", 76.95}, {"ORD-007", 100.98}, {"ORD-008", 97.34}};
}

}  // namespace flows::rpa3
