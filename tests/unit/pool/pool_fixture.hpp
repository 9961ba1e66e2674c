#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "pool/pool.hpp"
#include "support/wait_until.hpp"
#include "unit/pool/fake_server.hpp"
#include "unit/pool/state_driver.hpp"

namespace flowdb::pool {

using test_support::wait_until;

/// A pool before a server that the test commands.
class PoolShell : public testing::Test {
 protected:
  void make_pool(const config::PoolSettings& settings) {
    pool = std::make_unique<Pool>("rpa_db", settings, std::make_unique<FakeBackend>(server));
  }
  static AcquireOptions within(std::chrono::milliseconds time) {
    return {.deadline = Deadline::after(time)};
  }
  Lease acquire() { return pool->acquire(within(std::chrono::seconds{20})); }
  std::vector<Lease> acquire_many(int count) {
    std::vector<Lease> leases;
    for (int i = 0; i < count; ++i) leases.push_back(acquire());
    return leases;
  }
  static FakeSession& session_of(const Lease& lease) {
    return dynamic_cast<FakeConnection&>(*lease).session();
  }
  bool comes_to_wait(std::size_t callers) {
    return wait_until([&] { return pool->status().waiting == callers; });
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Pool> pool;
};

}  // namespace flowdb::pool
