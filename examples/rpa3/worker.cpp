#include "rpa3/worker.hpp"

#include <future>
#include <vector>

namespace flows::rpa3 {
namespace {

void drain_in_thread(ProcessingQueue& queue, OrderProcessor& processor, int batch_size,
                     const flowdb::RunContext::Fields& fields) {
  const flowdb::RunContext context{fields};
  for (auto records = queue.claim(batch_size); !records.empty();
       records = queue.claim(batch_size)) {
    for (const auto& record : records) {
      processor.process(record);
    }
  }
}

}  // namespace

void drain(flowdb::DatabaseManager& database, ProcessingQueue& queue, const Stock& stock,
           const WorkerOptions& options) {
  OrderProcessor processor{database, queue, stock};
  std::vector<std::future<void>> threads;
  for (int i = 0; i < options.threads; ++i) {
    // The run's context belongs to a thread: each gets its own, with the starter's fields.
    auto fields = flowdb::RunContext::current();
    fields.task.append("-").append(std::to_string(i + 1));
    threads.push_back(std::async(std::launch::async, drain_in_thread, std::ref(queue),
                                 std::ref(processor), options.batch_size, std::move(fields)));
  }
  for (auto& thread : threads) {
    thread.wait();
  }
  for (auto& thread : threads) {
    thread.get();
  }
}

}  // namespace flows::rpa3
