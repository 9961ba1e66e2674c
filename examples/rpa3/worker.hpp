#pragma once

#include <flowdb/flowdb.hpp>

#include "rpa3/order_processor.hpp"

namespace flows::rpa3 {

struct WorkerOptions {
  int threads = 2;
  int batch_size = 1;  ///< records that a thread claims at once
};

/// Claims and processes records with several threads on the database's one pool, until the queue
/// has no pending ones left. \throws the first error that stopped a thread, when all of them have
/// ended.
void drain(flowdb::DatabaseManager& database, ProcessingQueue& queue, const Stock& stock,
           const WorkerOptions& options);

}  // namespace flows::rpa3
