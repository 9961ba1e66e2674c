#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <flowdb/options.hpp>
#include <flowdb/reports.hpp>

#include "metrics/duration_histogram.hpp"
#include "metrics/operation_table.hpp"
#include "metrics/pool_reading.hpp"

namespace flowdb::metrics {

/// What the latest look at a database found.
struct Findings {
  std::optional<std::string> migration_version;
  std::optional<std::size_t> pending_migrations;
  std::optional<Health> health;
  std::chrono::system_clock::time_point health_time{};
};

/// What one process counts of one database: all that must not be forgotten when its managers and
/// their pools go. Lives as long as the process. Thread-safe.
class DatabaseMetrics {
 public:
  DatabaseMetrics(std::string name, DatabaseType type) : name_(std::move(name)), type_(type) {}
  DatabaseMetrics(const DatabaseMetrics&) = delete;
  DatabaseMetrics& operator=(const DatabaseMetrics&) = delete;

  const std::string& name() const noexcept { return name_; }
  DatabaseType type() const noexcept { return type_; }

  OperationTable& operations() noexcept { return operations_; }
  const OperationTable& operations() const noexcept { return operations_; }

  void connected(std::chrono::nanoseconds duration) noexcept { create_times_.record(duration); }
  void connect_failed(bool is_authentication) noexcept {
    connect_failures_[is_authentication ? 1 : 0].fetch_add(1, std::memory_order_relaxed);
  }
  void pool_timed_out() noexcept { pool_timeouts_.fetch_add(1, std::memory_order_relaxed); }

  DurationCounts create_times() const noexcept { return create_times_.read(); }
  std::uint64_t connect_failures(bool are_authentications) const noexcept {
    return connect_failures_[are_authentications ? 1 : 0].load(std::memory_order_relaxed);
  }
  std::uint64_t pool_timeouts() const noexcept {
    return pool_timeouts_.load(std::memory_order_relaxed);
  }

  void note_health(Health health);
  /// nullopt: that many, but how many is not known now.
  void note_migrations(std::optional<std::string> version, std::optional<std::size_t> pending);
  Findings findings() const;

  /// `source` is asked from now on, until it is removed; its durations stay after that.
  void add_pool(const PoolSource& source);
  void remove_pool(const PoolSource& source);

  struct Pools {
    std::size_t count = 0;  ///< those that live
    PoolReading sum;        ///< of them; durations also of those that have gone
  };
  Pools pools() const;

 private:
  const std::string name_;
  const DatabaseType type_;
  OperationTable operations_;
  DurationHistogram create_times_;
  std::array<std::atomic<std::uint64_t>, 2> connect_failures_{};
  std::atomic<std::uint64_t> pool_timeouts_{0};

  mutable std::mutex mutex_;
  Findings findings_;
  std::vector<const PoolSource*> pools_;
  DurationCounts former_wait_times_;  // of the pools that have gone
  DurationCounts former_use_times_;
};

/// Has a pool asked by those who collect, while it lives. In a child process of the one that made
/// it nothing is touched.
class PoolRegistration {
 public:
  PoolRegistration(DatabaseMetrics& metrics, const PoolSource& source);
  PoolRegistration(const PoolRegistration&) = delete;
  PoolRegistration& operator=(const PoolRegistration&) = delete;
  ~PoolRegistration();

 private:
  std::uint64_t process_;
  DatabaseMetrics& metrics_;
  const PoolSource& source_;
};

}  // namespace flowdb::metrics
