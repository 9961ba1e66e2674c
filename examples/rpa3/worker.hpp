#pragma once

#include <chrono>

#include <flowdb/flowdb.hpp>

#include "rpa3/order_processor.hpp"

namespace flows::rpa3 {

struct WorkerOptions {
  int threads = 2;
  int batch_size = 1;  ///< records that a thread claims at once
  /// How often to look at the queue though nobody has said that there is something in it.
  std::chrono::milliseconds fallback_interval = std::chrono::seconds{30};
};

/// Claims and processes records with several threads on the database's one pool, until the queue
/// has no pending ones left. \throws the first error that stopped a thread, when all of them have
/// ended.
void drain(flowdb::DatabaseManager& database, ProcessingQueue& queue, const Stock& stock,
           const WorkerOptions& options);

/// The same, and goes on as the queue notifies of further records, until shutdown is requested;
/// what is in the queue then is processed still.
void serve(flowdb::DatabaseManager& database, ProcessingQueue& queue, const Stock& stock,
           const WorkerOptions& options, const flowdb::ShutdownSignal& shutdown);

}  // namespace flows::rpa3
