#include "rpa3/pricing.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "rpa3/sample_orders.hpp"

namespace flows::rpa3 {
namespace {

Order sample_order() {
  auto order = sample_orders()[2];
  order.run_id = "run-1";
  return order;
}

TEST(Pricing, TheSampleOrdersComeToTheirKnownTotals) {
  Cents revenue = 0;
  auto totals = nlohmann::json::object();
  for (const auto& order : sample_orders()) {
    const auto total = price_of(order).total;
    totals[order.id] = to_decimal(total).to_double();
    revenue += total;
  }
  EXPECT_EQ(totals, expected_totals());
  EXPECT_EQ(revenue, 577'23);
}

TEST(Pricing, RoundsTheTotalOnceAndHalfUp) {
  // 78.75 + 7 % − 5 % is 80.325; the tax of 5.5125 and the discount of 3.9375, each rounded before,
  // would make 80.32 of it.
  const auto price = price_of(sample_orders()[1]);
  EXPECT_EQ(price.subtotal, 78'75);
  EXPECT_EQ(price.tax, 5'51);
  EXPECT_EQ(price.discount, 3'94);
  EXPECT_EQ(price.total, 80'33);
}

TEST(Pricing, RefusesUnknownRegionsAndPriorities) {
  auto order = sample_orders().front();
  order.region = "Centre";
  EXPECT_THROW(price_of(order), OrderError);
  order = sample_orders().front();
  order.priority = "urgent";
  EXPECT_THROW(price_of(order), OrderError);
}

TEST(Order, SurvivesTheWayThroughTheQueue) {
  const auto order = sample_order();
  const auto back = from_payload(to_payload(order));
  EXPECT_EQ(back.id, order.id);
  EXPECT_EQ(back.unit_price, order.unit_price);
  EXPECT_EQ(back.quantity, order.quantity);
  EXPECT_EQ(back.date, order.date);
  EXPECT_EQ(to_payload(back), to_payload(order));
}

TEST(Order, NamesTheMemberThatIsWrong) {
  const auto message_for = [](const char* member, const nlohmann::json& value) -> std::string {
    auto payload = to_payload(sample_order());
    payload[member] = value;
    try {
      from_payload(payload);
    } catch (const OrderError& error) {
      return error.what();
    }
    return "(nothing thrown)";
  };
  const std::vector<std::pair<const char*, nlohmann::json>> wrong{{"customer_name", ""},
                                                                  {"product", 7},
                                                                  {"quantity", 0},
                                                                  {"quantity", 1.5},
                                                                  {"quantity", 3'000'000'000},
                                                                  {"unit_price", 25.5},
                                                                  {"unit_price", "1.005"},
                                                                  {"unit_price", "0"},
                                                                  {"unit_price", "100000000.00"},
                                                                  {"order_date", "2024-02-30"},
                                                                  {"run_id", nullptr}};
  for (const auto& [member, value] : wrong) {
    EXPECT_NE(message_for(member, value).find(member), std::string::npos) << member;
  }
  EXPECT_THROW(from_payload("ORD-001"), OrderError);
  EXPECT_THROW(from_payload(nlohmann::json::object()), OrderError);
}

}  // namespace
}  // namespace flows::rpa3
