#include "rpa3/order_processor.hpp"

#include <chrono>
#include <csignal>
#include <future>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "common/expected_figures.hpp"
#include "rpa3/sample_orders.hpp"
#include "rpa3/summary.hpp"
#include "rpa3/worker.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flows::rpa3 {
namespace {

struct OrderProcessorOnPostgresql : testing::Test {
  OrderProcessorOnPostgresql()
      : database{"rpa_db",
                 flowdb::ConfigManager{},
                 {.type = flowdb::DatabaseType::postgresql,
                  .connection_string = server.url(),
                  .auto_migrate = true,
                  .migrations_directory = FLOWDB_SOURCE_DIR "/migrations/rpa_db"}} {}

  void enqueue(std::vector<Order> orders, const std::string& run_id) {
    std::vector<nlohmann::json> payloads;
    for (auto& order : orders) {
      order.run_id = run_id;
      payloads.push_back(to_payload(order));
    }
    queue.enqueue(payloads);
  }

  flowdb::test_support::TestDatabase server;
  flowdb::DatabaseManager database;
  ProcessingQueue queue{database, "rpa3", "host-00000001"};
};

TEST_F(OrderProcessorOnPostgresql, ComesToTheKnownFigures_HoweverOftenItRuns) {
  for (const std::string run_id : {"run-1", "run-2"}) {
    enqueue(sample_orders(), run_id);
    drain(database, queue, sample_stock(), {.threads = 4});
    const auto summary = summarise(database, run_id, queue.instance_id());
    std::ostringstream differences;
    EXPECT_TRUE(reaches(summary, expected_summary(), differences)) << differences.str();
    EXPECT_EQ(order_totals(database, run_id), expected_totals());
  }
  EXPECT_EQ(server.scalar("SELECT count(*) FROM customer_orders"), "8");
  EXPECT_EQ(
      summarise(database, "run-3", queue.instance_id()),
      (nlohmann::json{
          {"flow_name", "rpa3"}, {"records_processed", 0}, {"message", "No records to process"}}));
}

TEST_F(OrderProcessorOnPostgresql, ComesToTheKnownFigures_OrderByOrder_AsItsQueueNotifies) {
  const flowdb::ShutdownSignal shutdown;
  auto workers = std::async(std::launch::async, [&] {
    serve(database, queue, sample_stock(),
          {.threads = 3, .fallback_interval = std::chrono::hours{1}}, shutdown);
  });
  const auto completed = [&] { return queue.status()["rpa3"]["completed"]; };
  for (const auto& order : sample_orders()) {
    const auto before = completed();
    enqueue({order}, "run-1");
    EXPECT_TRUE(flowdb::test_support::wait_until([&] { return completed() == before + 1; }));
  }
  kill(getpid(), SIGTERM);
  workers.get();
  EXPECT_EQ(order_totals(database, "run-1"), expected_totals());
}

TEST_F(OrderProcessorOnPostgresql, NeverApprovesMoreThanTheStock_WhenThreadsCompeteForIt) {
  std::vector<Order> orders;
  for (int i = 0; i < 24; ++i) {
    orders.push_back(sample_orders().front());
    orders.back().id = "RACE-" + std::to_string(i);
    orders.back().quantity = 10;
  }
  enqueue(orders, "run-1");
  drain(database, queue, {{"Premium Widget A", 50}}, {.threads = 8});
  const std::string count = "SELECT count(*) FROM customer_orders WHERE fulfillment_status = ";
  EXPECT_EQ(server.scalar(count + "'approved'"), "5");
  EXPECT_EQ(server.scalar(count + "'rejected'"), "19");
}

}  // namespace
}  // namespace flows::rpa3
