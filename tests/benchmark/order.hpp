#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <flowdb/result_set.hpp>

#include "harness.hpp"
#include "libpq.hpp"
#include "text.hpp"

namespace flowdb::benchmark {

/// What the workloads of five columns read and write.
struct Order {
  std::int32_t id = 0;
  std::string customer;
  std::int64_t amount = 0;  // in hundredths: numeric(12,2)
  double weight = 0;
  std::chrono::sys_days due{};
};

inline constexpr const char* kOrderColumns =
    "(id int4, customer text, amount numeric(12,2), weight float8, due date)";

/// The same columns of one row of the table that one_row() makes, for whoever asks for a key.
inline constexpr const char* kOrderByNumber =
    "SELECT id, customer, amount, weight, due FROM orders_by_key WHERE id = $1";
inline constexpr const char* kOrderByName =
    "SELECT id, customer, amount, weight, due FROM orders_by_key WHERE id = :id";
inline constexpr Oid kKeyType = 23;  // int4

std::vector<Order> make_orders(std::size_t count);

void add_order(CellSum& sum, const PGresult* result, int row);
void add_order(CellSum& sum, const Row& row);

/// The table that both kinds of inserts fill: empty, without WAL.
void create_orders_target(PGconn* connection);
/// All rows of it.
CellSum sum_of_orders_target(PGconn* connection);

}  // namespace flowdb::benchmark
