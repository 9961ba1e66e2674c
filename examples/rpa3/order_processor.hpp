#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <flowdb/flowdb.hpp>

#include "common/processing_queue.hpp"
#include "rpa3/order.hpp"
#include "rpa3/pricing.hpp"

namespace flows::rpa3 {

/// Pieces of each product; orders of other products cannot be processed.
using Stock = std::map<std::string, std::int64_t>;

/// Turns a queue record into a row of customer_orders: priced, and approved while the stock lasts,
/// rejected otherwise. The order and the completion of its record are one transaction, so that a
/// record is either done or not, whatever happens to the process. Thread-safe.
class OrderProcessor {
 public:
  /// `database` and `queue` must outlive the processor.
  OrderProcessor(flowdb::DatabaseManager& database, ProcessingQueue& queue, Stock stock);

  /// Processes a record that the queue has handed out. An order that cannot be processed, or that
  /// the database refuses, fails its record; false then.
  /// \throws other errors of the database: the record stays claimed, and whoever cleans up orphans
  /// makes it pending again.
  bool process(const QueueRecord& record);

 private:
  void store(std::int64_t record_id, const Order& order);
  bool is_in_stock(flowdb::Transaction& transaction, const Order& order) const;

  flowdb::DatabaseManager& database_;
  ProcessingQueue& queue_;
  Stock stock_;
};

}  // namespace flows::rpa3
