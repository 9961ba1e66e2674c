#include "order.hpp"

#include <cmath>

namespace flowdb::benchmark {

std::vector<Order> make_orders(std::size_t count) {
  std::vector<Order> orders;
  orders.reserve(count);
  for (std::int32_t id = 1; orders.size() < count; ++id) {
    orders.push_back({id, "customer " + std::to_string(10'000'000 + id),
                      (id * 1'237L) % 100'000'000, std::sqrt(id),
                      std::chrono::sys_days{std::chrono::days{10'957 + id % 9'000}}});
  }
  return orders;
}

void add_order(CellSum& sum, const PGresult* result, int row) {
  sum.add(to_number<std::int32_t>(text_of(result, row, 0)));
  sum.add_text(text_of(result, row, 1));
  sum.add(to_hundredths(text_of(result, row, 2)));
  sum.add_real(to_number<double>(text_of(result, row, 3)));
  sum.add(to_days(text_of(result, row, 4)));
}

void add_order(CellSum& sum, const Row& row) {
  sum.add(row[0].as<std::int32_t>());
  sum.add_text(row[1].as<std::string_view>());
  sum.add(row[2].as<Decimal>().to_scaled(2));
  sum.add_real(row[3].as<double>());
  sum.add(row[4].as<Date>().to_sys_days().time_since_epoch().count());
}

void create_orders_target(PGconn* connection) {
  execute(connection, "DROP TABLE IF EXISTS orders_target");
  const auto sql = std::string{"CREATE UNLOGGED TABLE orders_target "} + kOrderColumns;
  execute(connection, sql.c_str());
}

CellSum sum_of_orders_target(PGconn* connection) {
  const auto result = execute(connection, "SELECT * FROM orders_target");
  CellSum sum;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    add_order(sum, result.get(), row);
  }
  return sum;
}

}  // namespace flowdb::benchmark
