#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <flowdb/database_manager.hpp>

#include "status_server/pool_history.hpp"

namespace flowdb::status_server {

/// The pools of several managers, their replicas' among them, and what they were like over the last
/// minutes. Thread-safe.
class WatchedPools {
 public:
  /// Between two samples.
  static constexpr std::chrono::milliseconds kInterval{500};

  explicit WatchedPools(std::vector<DatabaseManager*> databases);

  void take_sample();
  /// As the page reads them.
  nlohmann::json to_json() const;

 private:
  struct Pool {
    std::string type;
    PoolStatus now;
    PoolHistory history;
  };
  void add(const PoolStatus& status, const char* type);

  const std::vector<DatabaseManager*> databases_;
  mutable std::mutex mutex_;
  std::vector<Pool> pools_;
};

}  // namespace flowdb::status_server
