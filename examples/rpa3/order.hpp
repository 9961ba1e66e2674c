#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include <flowdb/types.hpp>

#include "common/money.hpp"

namespace flows::rpa3 {

struct Order {
  std::string id;
  std::string customer_id;
  std::string customer_name;
  std::string product;
  std::int64_t quantity = 0;  ///< > 0
  Cents unit_price = 0;       ///< > 0
  flowdb::Date date;
  std::string priority;
  std::string region;
  std::string run_id = {};  ///< the run that put it into the queue
};

/// An order that cannot be processed, now or later.
class OrderError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// As the order travels through the queue, and back.
/// \throws OrderError for a payload that is no order; names the member, shows no value.
nlohmann::json to_payload(const Order& order);
Order from_payload(const nlohmann::json& payload);

}  // namespace flows::rpa3
