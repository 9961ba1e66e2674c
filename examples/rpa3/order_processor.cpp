#include "rpa3/order_processor.hpp"

#include <string_view>
#include <utility>

namespace flows::rpa3 {
namespace {

constexpr std::string_view kReserved = R"sql(
SELECT coalesce(sum(quantity), 0) AS reserved
FROM customer_orders
WHERE product = :product AND fulfillment_status = 'approved' AND order_id <> :order_id)sql";

// An order that comes again in a later run replaces its row; within one run it is stored once.
constexpr std::string_view kStore = R"sql(
INSERT INTO customer_orders AS stored (
  order_id, customer_id, customer_name, product, quantity, unit_price, subtotal, tax_amount,
  discount_amount, total_amount, order_date, priority, region, fulfillment_status,
  processed_by_flow)
VALUES (
  :order_id, :customer_id, :customer_name, :product, :quantity, :unit_price, :subtotal, :tax,
  :discount, :total, :order_date, :priority, :region, :fulfillment_status, :processed_by_flow)
ON CONFLICT (order_id) DO UPDATE SET
  customer_id = excluded.customer_id,
  customer_name = excluded.customer_name,
  product = excluded.product,
  quantity = excluded.quantity,
  unit_price = excluded.unit_price,
  subtotal = excluded.subtotal,
  tax_amount = excluded.tax_amount,
  discount_amount = excluded.discount_amount,
  total_amount = excluded.total_amount,
  order_date = excluded.order_date,
  priority = excluded.priority,
  region = excluded.region,
  fulfillment_status = excluded.fulfillment_status,
  processed_by_flow = excluded.processed_by_flow,
  updated_at = timezone('utc', clock_timestamp())
WHERE stored.processed_by_flow IS DISTINCT FROM excluded.processed_by_flow)sql";

flowdb::Params row_of(const Order& order, const Price& price) {
  return {{"order_id", order.id},
          {"customer_id", order.customer_id},
          {"customer_name", order.customer_name},
          {"product", order.product},
          {"quantity", order.quantity},
          {"unit_price", to_decimal(order.unit_price)},
          {"subtotal", to_decimal(price.subtotal)},
          {"tax", to_decimal(price.tax)},
          {"discount", to_decimal(price.discount)},
          {"total", to_decimal(price.total)},
          {"order_date", order.date},
          {"priority", order.priority},
          {"region", order.region}};
}

}  // namespace

OrderProcessor::OrderProcessor(flowdb::DatabaseManager& database, ProcessingQueue& queue,
                               Stock stock)
    : database_(database), queue_(queue), stock_(std::move(stock)) {}

bool OrderProcessor::process(const QueueRecord& record) {
  try {
    store(record.id, from_payload(record.payload));
    return true;
  } catch (const OrderError& error) {
    queue_.fail(record.id, error.what());
  } catch (const flowdb::QueryError& error) {
    queue_.fail(record.id, error.what());
  }
  return false;
}

void OrderProcessor::store(std::int64_t record_id, const Order& order) {
  auto row = row_of(order, price_of(order));
  row.set("processed_by_flow", queue_.flow_name() + "/" + order.run_id);
  // Serializable: two orders that both see the last pieces in stock cannot both commit; flowdb runs
  // the one that lost again.
  database_.transaction(
      [&](flowdb::Transaction& transaction) {
        const bool is_approved = is_in_stock(transaction, order);
        row.set("fulfillment_status", is_approved ? "approved" : "rejected");
        if (transaction.execute_query(kStore, row).affected_rows() != 1) {
          throw OrderError("the order was processed in this run already");
        }
        queue_.complete(transaction, record_id);
      },
      {.isolation = flowdb::IsolationLevel::serializable});
}

bool OrderProcessor::is_in_stock(flowdb::Transaction& transaction, const Order& order) const {
  const auto stock = stock_.find(order.product);
  if (stock == stock_.end()) {
    throw OrderError("the order's product is unknown");
  }
  const auto reserved =
      transaction.execute_query(kReserved, {{"product", order.product}, {"order_id", order.id}})
          .scalar<std::int64_t>();
  return reserved + order.quantity <= stock->second;
}

}  // namespace flows::rpa3
