#include "rpa3/worker.hpp"

#include <functional>
#include <future>
#include <vector>

namespace flows::rpa3 {
namespace {

/// Runs `work` in several threads.
void run_in_threads(int count, const std::function<void()>& work) {
  std::vector<std::future<void>> threads;
  for (int i = 0; i < count; ++i) {
    // The run's context belongs to a thread: each gets its own, with the starter's fields.
    auto fields = flowdb::RunContext::current();
    fields.task.append("-").append(std::to_string(i + 1));
    threads.push_back(std::async(std::launch::async, [&work, fields = std::move(fields)] {
      const flowdb::RunContext context{fields};
      work();
    }));
  }
  for (auto& thread : threads) {
    thread.wait();
  }
  for (auto& thread : threads) {
    thread.get();
  }
}

void process_pending(ProcessingQueue& queue, OrderProcessor& processor, int batch_size) {
  for (auto records = queue.claim(batch_size); !records.empty();
       records = queue.claim(batch_size)) {
    for (const auto& record : records) {
      processor.process(record);
    }
  }
}

/// Waits until there may be something for the queue's flow; not for what is another's.
void wait_for_work(flowdb::NotificationListener& listener, const ProcessingQueue& queue,
                   std::chrono::milliseconds longest, const flowdb::ShutdownSignal& shutdown) {
  for (;;) {
    const auto notification = listener.wait(longest, shutdown);
    if (!notification || notification->is_gap() || notification->payload == queue.flow_name()) {
      return;
    }
  }
}

}  // namespace

void drain(flowdb::DatabaseManager& database, ProcessingQueue& queue, const Stock& stock,
           const WorkerOptions& options) {
  OrderProcessor processor{database, queue, stock};
  run_in_threads(options.threads, [&] { process_pending(queue, processor, options.batch_size); });
}

void serve(flowdb::DatabaseManager& database, ProcessingQueue& queue, const Stock& stock,
           const WorkerOptions& options, const flowdb::ShutdownSignal& shutdown) {
  OrderProcessor processor{database, queue, stock};
  run_in_threads(options.threads, [&] {
    auto listener = database.listen({ProcessingQueue::channel});
    while (!shutdown.is_requested()) {
      process_pending(queue, processor, options.batch_size);
      wait_for_work(listener, queue, options.fallback_interval, shutdown);
    }
    process_pending(queue, processor, options.batch_size);
  });
}

}  // namespace flows::rpa3
