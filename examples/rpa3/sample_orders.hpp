#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "rpa3/order.hpp"
#include "rpa3/order_processor.hpp"

namespace flows::rpa3 {

/// The day's orders and the stock they draw on.
std::vector<Order> sample_orders();
Stock sample_stock();

/// What a run over the sample must come to: members of its summary, and the total of each order.
nlohmann::json expected_summary();
nlohmann::json expected_totals();

}  // namespace flows::rpa3
