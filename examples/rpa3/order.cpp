#include "rpa3/order.hpp"

#include <limits>

#include <flowdb/error.hpp>

namespace flows::rpa3 {
namespace {

const nlohmann::json& member(const nlohmann::json& payload, const char* name) {
  const auto found = payload.find(name);
  if (found == payload.end()) {
    throw OrderError(std::string{"the order has no "} + name);
  }
  return *found;
}

std::string text(const nlohmann::json& payload, const char* name) {
  const auto& value = member(payload, name);
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    throw OrderError(std::string{"the order's "} + name + " must be a text that is not empty");
  }
  return value.get<std::string>();
}

std::int64_t quantity_of(const nlohmann::json& payload) {
  const auto& value = member(payload, "quantity");
  const auto quantity = value.is_number_integer() ? value.get<std::int64_t>() : 0;
  if (quantity <= 0 || quantity > std::numeric_limits<std::int32_t>::max()) {
    throw OrderError("the order's quantity must be a whole number above 0");
  }
  return quantity;
}

Cents unit_price_of(const nlohmann::json& payload) {
  constexpr Cents kLargest = 99'999'999'99;  // NUMERIC(10, 2)
  try {
    const auto price = to_cents(flowdb::Decimal{text(payload, "unit_price")});
    if (price > 0 && price <= kLargest) {
      return price;
    }
  } catch (const flowdb::InvalidArgument&) {  // reported below
  }
  throw OrderError("the order's unit_price must be an amount above 0 with at most two decimals");
}

flowdb::Date date_of(const nlohmann::json& payload) {
  try {
    return flowdb::Date::parse(text(payload, "order_date"));
  } catch (const flowdb::InvalidArgument&) {
    throw OrderError("the order's order_date must be a day like 2024-01-15");
  }
}

}  // namespace

nlohmann::json to_payload(const Order& order) {
  return {{"order_id", order.id},
          {"customer_id", order.customer_id},
          {"customer_name", order.customer_name},
          {"product", order.product},
          {"quantity", order.quantity},
          {"unit_price", to_decimal(order.unit_price).to_string()},
          {"order_date", order.date.to_string()},
          {"priority", order.priority},
          {"region", order.region},
          {"run_id", order.run_id}};
}

Order from_payload(const nlohmann::json& payload) {
  if (!payload.is_object()) {
    throw OrderError("the order must be a JSON object");
  }
  return {.id = text(payload, "order_id"),
          .customer_id = text(payload, "customer_id"),
          .customer_name = text(payload, "customer_name"),
          .product = text(payload, "product"),
          .quantity = quantity_of(payload),
          .unit_price = unit_price_of(payload),
          .date = date_of(payload),
          .priority = text(payload, "priority"),
          .region = text(payload, "region"),
          .run_id = text(payload, "run_id")};
}

}  // namespace flows::rpa3
