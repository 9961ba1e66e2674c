// 4,000 inserts of one row in one transaction: execute_batch beside a prepared
// INSERT each.

#include <array>
#include <charconv>
#include <memory>
#include <string>

#include "binary.hpp"
#include "order.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kRows = 4'000;
constexpr std::size_t kPipelined = 500;  // little enough for the sockets to hold all answers
constexpr const char* kStatement = "insert_order";
constexpr const char* kNumbered = "INSERT INTO orders_target VALUES ($1, $2, $3, $4, $5)";
constexpr const char* kNamed =
    "INSERT INTO orders_target VALUES (:id, :customer, :amount, :weight, :due)";
constexpr std::array<Oid, 5> kTypes = {23, 25, 1700, 701, 1082};
constexpr std::array<int, 5> kFormats = {1, 1, 1, 1, 1};

/// The parameters of an insert in binary, in one buffer that is used again.
class OrderParameters {
 public:
  void assign(const Order& order) {
    buffer_.clear();
    append_integer(buffer_, order.id);
    ends_[0] = buffer_.size();
    buffer_.append(order.customer);
    ends_[1] = buffer_.size();
    append_numeric(buffer_, order.amount);
    ends_[2] = buffer_.size();
    append_double(buffer_, order.weight);
    ends_[3] = buffer_.size();
    append_date(buffer_, order.due);
    ends_[4] = buffer_.size();
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      values_[i] = buffer_.data() + begin;
      lengths_[i] = static_cast<int>(ends_[i] - begin);
      begin = ends_[i];
    }
  }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }

 private:
  std::string buffer_;
  std::array<std::size_t, 5> ends_{};
  std::array<const char*, 5> values_{};
  std::array<int, 5> lengths_{};
};

CellSum insert_each(PGconn* connection, const std::vector<Order>& orders) {
  OrderParameters parameters;
  execute(connection, "BEGIN");
  for (const auto& order : orders) {
    parameters.assign(order);
    checked(PQexecPrepared(connection, kStatement, 5, parameters.values(), parameters.lengths(),
                           kFormats.data(), 0));
  }
  execute(connection, "COMMIT");
  return {};
}

/// Reads the answers up to the synchronisation point: a null handle ends each
/// statement's.
void read_answers(PGconn* connection, std::size_t statements) {
  for (std::size_t i = 0; i < statements; ++i) {
    while (PGresult* const result = PQgetResult(connection)) {
      checked(result);
    }
  }
  const Result end{PQgetResult(connection)};
  require(PQresultStatus(end.get()) == PGRES_PIPELINE_SYNC, connection);
}

CellSum insert_pipelined(PGconn* connection, const std::vector<Order>& orders) {
  OrderParameters parameters;
  execute(connection, "BEGIN");
  require(PQenterPipelineMode(connection) == 1, connection);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    parameters.assign(orders[i]);
    require(PQsendQueryPrepared(connection, kStatement, 5, parameters.values(),
                                parameters.lengths(), kFormats.data(), 0) == 1,
            connection);
    if ((i + 1) % kPipelined == 0) {
      require(PQpipelineSync(connection) == 1, connection);
      read_answers(connection, kPipelined);
    }
  }
  require(PQexitPipelineMode(connection) == 1, connection);
  execute(connection, "COMMIT");
  return {};
}
static_assert(kRows % kPipelined == 0);

std::vector<Params> as_params(const std::vector<Order>& orders) {
  std::vector<Params> list;
  list.reserve(orders.size());
  for (const auto& order : orders) {
    list.push_back({{"id", order.id},
                    {"customer", order.customer},
                    {"amount", Decimal::from_scaled(order.amount, 2)},
                    {"weight", order.weight},
                    {"due", Date{order.due}}});
  }
  return list;
}

}  // namespace

Workload batch(Context context) {
  create_orders_target(context.raw);
  checked(PQprepare(context.raw, kStatement, kNumbered, 5, kTypes.data()));
  const auto orders = std::make_shared<const std::vector<Order>>(make_orders(kRows));
  const auto params = std::make_shared<const std::vector<Params>>(as_params(*orders));
  const auto insert = [=] {
    context.db.execute_batch(kNamed, *params);
    return CellSum{};
  };
  return {.name = "4,000 inserts of one row in one transaction",
          .unit = "us a row",
          .nanoseconds = 1e3,
          .operations = kRows,
          .rounds = 15,
          .sides = {{"libpq prepared, each", [=] { return insert_each(context.raw, *orders); }},
                    {"libpq prepared, pipelined",
                     [=] { return insert_pipelined(context.raw, *orders); }},
                    {"flowdb execute_batch", insert}},
          .before = [=] { execute(context.raw, "TRUNCATE orders_target"); },
          .after = [=] { return sum_of_orders_target(context.raw); }};
}

}  // namespace flowdb::benchmark
