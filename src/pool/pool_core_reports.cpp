// What PoolCore says of itself.
#include <chrono>
#include <cmath>
#include <utility>

#include "pool/exhaustion.hpp"
#include "pool/pool_core.hpp"

namespace flowdb::pool {

std::shared_ptr<const PoolExhaustion> PoolCore::exhaustion(std::chrono::milliseconds waited) const {
  const auto counts = state_.counts();
  PoolExhaustion report;
  report.database_name = database_name_;
  report.waited = waited;
  report.max_connections = settings_.max_connections();
  report.checked_out = counts.leased;
  report.checked_in = counts.idle;
  report.opening = counts.opening;
  report.invalid = counts.abandoned;
  report.waiting = counts.waiting;
  if (last_failure_) {
    report.last_connect_error = last_failure_->message;
  }
  report.holders = book_.holders(Clock::TimePoint::clock::now());
  report.cause = likely_cause(report);
  return std::make_shared<const PoolExhaustion>(std::move(report));
}

PoolStatus PoolCore::status(PoolDetail detail) const {
  refuse_inherited();  // the mutex may have been locked at the moment of the fork()
  const std::lock_guard lock{mutex_};
  const auto counts = state_.counts();
  PoolStatus status;
  status.database_name = database_name_;
  status.pool_size = settings_.pool_size;
  status.max_overflow = settings_.max_overflow;
  status.checked_in = counts.idle;
  status.checked_out = counts.leased;
  status.overflow = counts.overflow;
  status.invalid = counts.abandoned;
  status.total_connections = counts.idle + counts.leased + counts.abandoned;
  status.max_connections = settings_.max_connections();
  status.opening = counts.opening;
  status.waiting = counts.waiting;
  const double part =
      static_cast<double>(counts.leased) / static_cast<double>(settings_.max_connections());
  status.utilization_percent = std::round(part * 10'000.0) / 100.0;
  status.acquire_time_ms = acquire_times_.percentiles();
  status.held_time_ms = held_times_.percentiles();
  status.is_circuit_open = state_.circuit().is_open();
  if (last_failure_) {
    status.last_connect_error = last_failure_->message;
  }
  if (detail == PoolDetail::holders) {
    status.holders = book_.holders(Clock::TimePoint::clock::now());
  }
  status.lag = backend_->lag();
  status.timestamp = std::chrono::system_clock::now();
  return status;
}

metrics::PoolReading PoolCore::reading() const {
  const std::lock_guard lock{mutex_};
  const auto counts = state_.counts();
  metrics::PoolReading reading;
  reading.idle = counts.idle;
  reading.used = counts.leased;
  reading.opening = counts.opening;
  reading.invalid = counts.abandoned;
  reading.overflow = counts.overflow;
  reading.waiting = counts.waiting;
  reading.max = settings_.max_connections();
  reading.idle_min = settings_.min_idle;
  reading.idle_max = settings_.pool_size;
  reading.is_circuit_open = state_.circuit().is_open();
  reading.lag = backend_->lag();
  reading.wait_times = acquire_times_.counts();
  reading.use_times = held_times_.counts();
  return reading;
}

}  // namespace flowdb::pool
