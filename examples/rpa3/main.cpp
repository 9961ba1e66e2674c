// rpa3: has several processes of itself wait for orders, each with several threads on one pool, and
// puts the day's orders into the queue, one after another: its notification sets them to work.
// Fails unless the database holds the known figures.
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <flowdb/flowdb.hpp>

#include "common/expected_figures.hpp"
#include "common/identity.hpp"
#include "common/processing_queue.hpp"
#include "rpa3/sample_orders.hpp"
#include "rpa3/summary.hpp"
#include "rpa3/worker.hpp"
#include "rpa3/worker_processes.hpp"

namespace {

using flows::ProcessingQueue;
using flows::rpa3::WorkerProcesses;

constexpr std::string_view kWorker = "--worker";
constexpr const char* kFlow = "rpa3";

/// `rpa3 --worker RUN_ID`: one of the processes that share the queue. Ends at SIGTERM, when the
/// queue has nothing left.
int work(const flowdb::ConfigManager& config, const std::string& run_id) {
  const flowdb::ShutdownSignal shutdown;
  const flowdb::RunContext context{{.flow = kFlow, .task = "worker", .run_id = run_id}};
  const flows::rpa3::WorkerOptions options{
      .threads = config.get_positive_integer("THREADS").value_or(2),
      .batch_size = config.get_positive_integer("BATCH_SIZE").value_or(1),
      .fallback_interval =
          std::chrono::seconds{config.get_positive_integer("FALLBACK_SECONDS").value_or(30)}};
  flowdb::DatabaseManager database{"rpa_db", config, {.pool_size = options.threads}};
  ProcessingQueue queue{database, kFlow, flows::make_instance_id()};
  database.execute_query("SELECT 1");  // connected before the others begin
  if (!WorkerProcesses::pass_gate()) {
    return 1;
  }
  flows::rpa3::serve(database, queue, flows::rpa3::sample_stock(), options, shutdown);
  const auto& instance = queue.instance_id();
  std::cout << flows::rpa3::summarise(database, run_id, instance, instance).dump() + "\n"
            << std::flush;
  return 0;
}

void enqueue(ProcessingQueue& queue, const std::string& run_id) {
  for (auto order : flows::rpa3::sample_orders()) {
    order.run_id = run_id;
    queue.enqueue({to_payload(order)});
  }
}

int coordinate(const flowdb::ConfigManager& config) {
  const auto run_id = flows::make_run_id();
  WorkerProcesses workers{config.get_positive_integer("WORKERS").value_or(3),
                          {std::string{kWorker}, run_id}};

  const flowdb::RunContext context{{.flow = kFlow, .task = "coordinator", .run_id = run_id}};
  flowdb::DatabaseManager database{"rpa_db", config};
  ProcessingQueue queue{database, kFlow, flows::make_instance_id()};
  database.run_migrations();
  queue.clean_up_orphans();
  workers.open_gate();
  enqueue(queue, run_id);
  workers.request_end();
  const auto failures = workers.wait();

  const auto summary = flows::rpa3::summarise(database, run_id, queue.instance_id());
  const auto totals = flows::rpa3::order_totals(database, run_id);
  std::cout << summary.dump(2) << '\n' << nlohmann::json(queue.status()).dump() << '\n';
  for (const auto& failure : failures) {
    std::cerr << "rpa3: " << failure << '\n';
  }
  const bool is_right = flows::reaches(summary, flows::rpa3::expected_summary(), std::cerr);
  const bool are_right = flows::reaches(totals, flows::rpa3::expected_totals(), std::cerr);
  return failures.empty() && is_right && are_right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const flowdb::ConfigManager config{{.flow_name = kFlow}};
  if (arguments.empty()) {
    return coordinate(config);
  }
  if (arguments.size() == 2 && arguments[0] == kWorker) {
    return work(config, arguments[1]);
  }
  std::cerr << "usage: rpa3\n";
  return 2;
} catch (const std::exception& error) {
  std::cerr << "rpa3: " << error.what() << '\n';
  return 1;
}
