#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "metrics/duration_counts.hpp"

namespace flowdb::metrics {

/// What a pool tells when metrics are collected. Several pools of one database add up.
struct PoolReading {
  std::size_t idle = 0;
  std::size_t used = 0;
  std::size_t opening = 0;
  std::size_t invalid = 0;
  std::size_t overflow = 0;
  std::size_t waiting = 0;
  std::size_t max = 0;
  std::size_t idle_min = 0;
  std::size_t idle_max = 0;
  bool is_circuit_open = false;
  std::optional<std::chrono::milliseconds> lag;  ///< of a replica
  DurationCounts wait_times;
  DurationCounts use_times;

  PoolReading& operator+=(const PoolReading& other) noexcept;
};

/// Whoever can be asked for one.
class PoolSource {
 public:
  virtual PoolReading reading() const = 0;

 protected:
  ~PoolSource() = default;
};

}  // namespace flowdb::metrics
