#pragma once

#include "common/money.hpp"
#include "rpa3/order.hpp"

namespace flows::rpa3 {

struct Price {
  Cents subtotal = 0;
  Cents tax = 0;       ///< rounded by itself, for display
  Cents discount = 0;  ///< rounded by itself, for display
  Cents total = 0;     ///< subtotal + tax − discount, exact, rounded once, half up
};

/// Tax goes by the region, discount by the priority.
/// \throws OrderError for an unknown region or priority.
Price price_of(const Order& order);

}  // namespace flows::rpa3
