#include "metrics/database_metrics.hpp"

#include <algorithm>
#include <utility>

#include "core/process_identity.hpp"

namespace flowdb::metrics {

PoolReading& PoolReading::operator+=(const PoolReading& other) noexcept {
  idle += other.idle;
  used += other.used;
  opening += other.opening;
  invalid += other.invalid;
  overflow += other.overflow;
  waiting += other.waiting;
  max += other.max;
  idle_min += other.idle_min;
  idle_max += other.idle_max;
  is_circuit_open = is_circuit_open || other.is_circuit_open;
  lag = std::max(lag, other.lag);  // nullopt is less than any
  wait_times += other.wait_times;
  use_times += other.use_times;
  return *this;
}

void DatabaseMetrics::note_health(Health health) {
  const auto now = std::chrono::system_clock::now();
  const std::lock_guard lock{mutex_};
  findings_.health = health;
  findings_.health_time = now;
}

void DatabaseMetrics::note_migrations(std::optional<std::string> version,
                                      std::optional<std::size_t> pending) {
  const std::lock_guard lock{mutex_};
  findings_.migration_version = std::move(version);
  findings_.pending_migrations = pending;
}

Findings DatabaseMetrics::findings() const {
  const std::lock_guard lock{mutex_};
  return findings_;
}

void DatabaseMetrics::add_pool(const PoolSource& source) {
  const std::lock_guard lock{mutex_};
  pools_.push_back(&source);
}

/// Under the mutex, so that nobody sees its durations twice, or not at all.
void DatabaseMetrics::remove_pool(const PoolSource& source) {
  const std::lock_guard lock{mutex_};
  const auto last = source.reading();
  former_wait_times_ += last.wait_times;
  former_use_times_ += last.use_times;
  std::erase(pools_, &source);
}

DatabaseMetrics::Pools DatabaseMetrics::pools() const {
  const std::lock_guard lock{mutex_};
  Pools pools;
  pools.count = pools_.size();
  pools.sum.wait_times = former_wait_times_;
  pools.sum.use_times = former_use_times_;
  for (const auto* pool : pools_) {
    pools.sum += pool->reading();
  }
  return pools;
}

PoolRegistration::PoolRegistration(DatabaseMetrics& metrics, const PoolSource& source)
    : process_(process_identity()), metrics_(metrics), source_(source) {
  metrics_.add_pool(source_);
}

PoolRegistration::~PoolRegistration() {
  if (process_ == process_identity()) {
    metrics_.remove_pool(source_);
  }
}

}  // namespace flowdb::metrics
