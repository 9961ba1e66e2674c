#include "status_server/watched_pools.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

namespace flowdb::status_server {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes kRemembered{5};
constexpr std::size_t kHistoryCapacity = kRemembered / WatchedPools::kInterval;

json history_document(const PoolHistory& history) {
  json document{{"capacity", history.capacity()},
                {"interval_ms", WatchedPools::kInterval.count()},
                {"used", json::array()},
                {"idle", json::array()},
                {"waiting", json::array()}};
  for (const auto& sample : history.samples()) {
    document["used"].push_back(sample.used);
    document["idle"].push_back(sample.idle);
    document["waiting"].push_back(sample.waiting);
  }
  return document;
}

}  // namespace

WatchedPools::WatchedPools(std::vector<DatabaseManager*> databases)
    : databases_(std::move(databases)) {
  take_sample();
}

void WatchedPools::take_sample() {
  std::vector<std::pair<PoolStatus, const char*>> found;
  for (const auto* database : databases_) {
    found.emplace_back(database->get_pool_status(), to_string(database->database_type()));
  }
  const std::lock_guard lock{mutex_};
  for (auto& [status, type] : found) {
    const auto replica = std::exchange(status.replica, nullptr);
    add(status, type);
    if (replica != nullptr) {
      add(*replica, type);
    }
  }
}

void WatchedPools::add(const PoolStatus& status, const char* type) {
  auto pool = std::find_if(pools_.begin(), pools_.end(), [&](const auto& known) {
    return known.now.database_name == status.database_name;
  });
  if (pool == pools_.end()) {
    pools_.push_back({type, {}, PoolHistory{kHistoryCapacity}});
    pool = std::prev(pools_.end());
  }
  pool->now = status;
  pool->history.add(status);
}

json WatchedPools::to_json() const {
  const std::lock_guard lock{mutex_};
  auto list = json::array();
  for (const auto& pool : pools_) {
    list.push_back({{"name", pool.now.database_name},
                    {"type", pool.type},
                    {"pool", pool.now.to_json()},
                    {"history", history_document(pool.history)}});
  }
  return list;
}

}  // namespace flowdb::status_server
