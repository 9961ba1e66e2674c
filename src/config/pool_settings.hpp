#pragma once

#include <chrono>
#include <cstddef>

#include <flowdb/options.hpp>

#include "config/setting_reader.hpp"

namespace flowdb::config {

/// What shapes a pool; two managers share one engine only when these are equal.
struct PoolSettings {
  std::size_t pool_size = 5;
  std::size_t max_overflow = 10;
  std::size_t min_idle = 5;
  std::chrono::milliseconds max_lifetime{std::chrono::minutes{30}};
  std::chrono::milliseconds idle_timeout{std::chrono::minutes{10}};
  std::chrono::milliseconds overflow_idle_timeout{std::chrono::seconds{10}};

  std::size_t max_concurrent_connects = 3;
  std::size_t breaker_failures = 3;  ///< 0: the breaker never opens
  std::chrono::milliseconds breaker_probe_interval{std::chrono::seconds{1}};
  std::chrono::milliseconds leak_detection_after{0};  ///< 0: off
  ResetPolicy reset_policy = ResetPolicy::when_dirty;

  std::size_t max_connections() const noexcept { return pool_size + max_overflow; }
  friend bool operator==(const PoolSettings&, const PoolSettings&) = default;
};

/// \throws InvalidArgument for a bad option, ConfigurationError for a bad variable.
PoolSettings resolve_pool(const SettingReader& reader, const DatabaseOptions& options);

}  // namespace flowdb::config
