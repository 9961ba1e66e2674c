#include "rpa3/pricing.hpp"

#include <map>
#include <string>

namespace flows::rpa3 {
namespace {

using Percentages = std::map<std::string, std::int64_t>;

std::int64_t percentage(const Percentages& table, const std::string& name, const char* what) {
  const auto found = table.find(name);
  if (found == table.end()) {
    throw OrderError(std::string{"the order's "} + what + " is unknown");
  }
  return found->second;
}

}  // namespace

Price price_of(const Order& order) {
  static const Percentages tax_by_region{{"North", 8}, {"South", 7}, {"East", 9}, {"West", 8}};
  static const Percentages discount_by_priority{{"low", 0}, {"medium", 5}, {"high", 10}};
  const auto tax = percentage(tax_by_region, order.region, "region");
  const auto discount = percentage(discount_by_priority, order.priority, "priority");

  const auto subtotal = multiply(order.unit_price, order.quantity);
  const auto percent_of_subtotal = [subtotal](std::int64_t percent) {
    return divide_half_up(multiply(subtotal, percent), 100);
  };
  return {.subtotal = subtotal,
          .tax = percent_of_subtotal(tax),
          .discount = percent_of_subtotal(discount),
          .total = percent_of_subtotal(100 + tax - discount)};
}

}  // namespace flows::rpa3
