#include "rpa3/order_processor.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/testing/mock_database_manager.hpp>

#include "rpa3/sample_orders.hpp"

namespace flows::rpa3 {
namespace {

using flowdb::testing::Call;
using flowdb::testing::make_rows;
using flowdb::testing::MockDatabaseManager;

auto statement_with(const std::string& words) {
  return [words](const Call& call) { return call.sql.find(words) != std::string::npos; };
}

struct OrderProcessorTest : testing::Test {
  OrderProcessorTest() {
    reserve(0);
    database.when(statement_with("INSERT INTO customer_orders")).affects(1);
    database.when(statement_with("SET status = 'completed'")).affects(1);
    database.when(statement_with("SET status = 'failed'")).affects(1);
    record.payload = to_payload(sample_orders().front());
    record.payload["run_id"] = "run-1";
  }

  void reserve(int pieces) {
    database.when(statement_with("AS reserved")).returns(make_rows({"reserved"}, {{pieces}}));
  }
  /// A parameter of the last statement that has the words in it.
  flowdb::Value parameter_of(const std::string& words, const std::string& name) const {
    const auto calls = database.calls();
    const auto call = std::find_if(calls.rbegin(), calls.rend(), statement_with(words));
    const auto* value = call == calls.rend() ? nullptr : call->params.find(name);
    return value == nullptr ? flowdb::Value{} : *value;
  }
  bool was_failed() const {
    const auto calls = database.calls();
    return std::any_of(calls.begin(), calls.end(), statement_with("SET status = 'failed'"));
  }

  MockDatabaseManager database{"rpa_db"};
  ProcessingQueue queue{database, "rpa3", "host-1a2b3c4d"};
  OrderProcessor processor{database, queue, sample_stock()};
  QueueRecord record{.id = 7, .payload = {}, .retry_count = 0, .created_at = {}};
};

TEST_F(OrderProcessorTest, StoresThePricedOrderAndCompletesTheRecordTogether) {
  EXPECT_TRUE(processor.process(record));
  EXPECT_EQ(database.commits(), 1U);
  EXPECT_FALSE(was_failed());
  const std::string store = "INSERT INTO customer_orders";
  EXPECT_EQ(parameter_of(store, "total"), flowdb::Value{flowdb::Decimal{"49.98"}});
  EXPECT_EQ(parameter_of(store, "fulfillment_status"), flowdb::Value{"approved"});
  EXPECT_EQ(parameter_of(store, "processed_by_flow"), flowdb::Value{"rpa3/run-1"});
  EXPECT_EQ(parameter_of("SET status = 'completed'", "id"), flowdb::Value{7});
  for (const auto& call : database.calls()) {
    EXPECT_TRUE(call.in_transaction);
  }
}

TEST_F(OrderProcessorTest, RejectsWhatTheStockCannotServe) {
  reserve(48);  // of 50; the order takes 2
  EXPECT_TRUE(processor.process(record));
  EXPECT_EQ(parameter_of("INSERT INTO customer_orders", "fulfillment_status"),
            flowdb::Value{"approved"});
  reserve(49);
  EXPECT_TRUE(processor.process(record));
  EXPECT_EQ(parameter_of("INSERT INTO customer_orders", "fulfillment_status"),
            flowdb::Value{"rejected"});
}

TEST_F(OrderProcessorTest, LooksAtTheStockAgain_AfterASerializationFailure) {
  database.when(statement_with("SET status = 'completed'"))
      .fails_with(
          flowdb::QueryError{"could not serialize", {.sqlstate = "40001", .transient = true}})
      .times(1);
  EXPECT_TRUE(processor.process(record));
  EXPECT_EQ(database.rollbacks(), 1U);
  EXPECT_EQ(database.commits(), 1U);
  const auto calls = database.calls();
  EXPECT_EQ(std::count_if(calls.begin(), calls.end(), statement_with("AS reserved")), 2);
}

TEST_F(OrderProcessorTest, FailsTheRecord_WhenTheOrderCannotBeProcessed) {
  record.payload["product"] = "Golden Widget";
  EXPECT_FALSE(processor.process(record));
  EXPECT_EQ(parameter_of("SET status = 'failed'", "message"),
            flowdb::Value{"the order's product is unknown"});
  record.payload = "no order";
  EXPECT_FALSE(processor.process(record));
  EXPECT_EQ(database.commits(), 0U);
}

TEST_F(OrderProcessorTest, FailsTheRecord_WhenItsOrderWasStoredInThisRunAlready) {
  database.when(statement_with("INSERT INTO customer_orders")).affects(0);
  EXPECT_FALSE(processor.process(record));
  EXPECT_TRUE(was_failed());
  EXPECT_EQ(database.commits(), 0U);
}

TEST_F(OrderProcessorTest, LeavesTheRecordClaimed_WhenTheOutcomeIsUnknown) {
  database.lose_next_commit();
  EXPECT_THROW(processor.process(record), flowdb::CommitUnknownError);
  EXPECT_FALSE(was_failed());
}

}  // namespace
}  // namespace flows::rpa3
