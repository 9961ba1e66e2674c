// A connection taken from the pool and given back, with nobody else there: what
// the pool costs a call. Without a server, so without the look at the socket
// (one system call).

#include <memory>

#include <soci/soci.h>

#include "pool/pool.hpp"
#include "testing/mock_backend.hpp"
#include "workloads.hpp"

namespace flowdb::benchmark {
namespace {

constexpr std::size_t kCycles = 200'000;
constexpr std::size_t kConnections = 5;

CellSum cycle_soci(soci::connection_pool& pool) {
  CellSum sum;
  for (std::size_t i = 0; i < kCycles; ++i) {
    const auto slot = pool.lease();
    sum.add(1);
    pool.give_back(slot);
  }
  return sum;
}

CellSum cycle_flowdb(pool::Pool& pool) {
  CellSum sum;
  const auto deadline = Deadline::after(std::chrono::minutes{1});
  for (std::size_t i = 0; i < kCycles; ++i) {
    const auto lease = pool.acquire({.deadline = deadline});
    sum.add(lease ? 1 : 0);
  }
  return sum;
}

}  // namespace

Workload pool_cycle() {
  const auto sessions = std::make_shared<soci::connection_pool>(kConnections);
  config::Settings settings;
  settings.pool.pool_size = kConnections;
  auto backend =
      std::make_unique<testing::MockBackend>(std::make_shared<testing::MockState>(), settings);
  const auto pool = std::make_shared<pool::Pool>("benchmark", settings.pool, std::move(backend));
  return {.name = "pool cycle, uncontended",
          .unit = "ns a cycle",
          .operations = kCycles,
          .rounds = 15,
          .sides = {{"soci::connection_pool", [=] { return cycle_soci(*sessions); }},
                    {"flowdb pool", [=] { return cycle_flowdb(*pool); }}}};
}

}  // namespace flowdb::benchmark
