#include "config/pool_settings.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

using std::chrono::milliseconds;

std::size_t as_size(int count) {
  return static_cast<std::size_t>(count);
}

void resolve_sizes(const SettingReader& reader, const DatabaseOptions& options,
                   PoolSettings& pool) {
  const IntegerRule size{"POOL_SIZE", "pool_size", 1, "CONNECTION_POOL_SIZE"};
  const IntegerRule overflow{"MAX_OVERFLOW", "max_overflow", 0, "CONNECTION_MAX_OVERFLOW"};
  const IntegerRule idle{"MIN_IDLE", "min_idle", 0};
  const int pool_size = reader.count(size, options.pool_size, static_cast<int>(pool.pool_size));
  const int min_idle = reader.count(idle, options.min_idle, pool_size);
  if (min_idle > pool_size) {
    const auto rule = "must not be above the pool size " + std::to_string(pool_size) + ", got: ";
    if (options.min_idle) {
      reader.refuse_option("min_idle", rule + std::to_string(min_idle));
    }
    reader.refuse(reader.variable("MIN_IDLE") + " " + rule + "'" + std::to_string(min_idle) + "'");
  }
  pool.max_overflow =
      as_size(reader.count(overflow, options.max_overflow, static_cast<int>(pool.max_overflow)));
  pool.pool_size = as_size(pool_size);
  pool.min_idle = as_size(min_idle);
}

void resolve_ages(const SettingReader& reader, const DatabaseOptions& options, PoolSettings& pool) {
  pool.max_lifetime =
      reader.duration({"MAX_LIFETIME", "max_lifetime"}, options.max_lifetime, pool.max_lifetime);
  pool.idle_timeout =
      reader.duration({"IDLE_TIMEOUT", "idle_timeout"}, options.idle_timeout, pool.idle_timeout);
  pool.overflow_idle_timeout =
      reader.duration({"OVERFLOW_IDLE_TIMEOUT", "overflow_idle_timeout"},
                      options.overflow_idle_timeout, pool.overflow_idle_timeout);
  pool.leak_detection_after =
      reader.duration({"LEAK_DETECTION_AFTER", "leak_detection_after"},
                      options.leak_detection_after, pool.leak_detection_after);
}

void resolve_breaker(const SettingReader& reader, const DatabaseOptions& options,
                     PoolSettings& pool) {
  const IntegerRule connects{"MAX_CONCURRENT_CONNECTS", "max_concurrent_connects", 1};
  const IntegerRule failures{"BREAKER_FAILURES", "breaker_failures", 0};
  const IntegerRule interval{"BREAKER_PROBE_INTERVAL_MS", "breaker_probe_interval", 1};
  pool.max_concurrent_connects = as_size(reader.count(
      connects, options.max_concurrent_connects, static_cast<int>(pool.max_concurrent_connects)));
  pool.breaker_failures = as_size(
      reader.count(failures, options.breaker_failures, static_cast<int>(pool.breaker_failures)));
  pool.breaker_probe_interval = reader.duration(interval, options.breaker_probe_interval,
                                                pool.breaker_probe_interval, milliseconds{1});
}

ResetPolicy resolve_reset(const SettingReader& reader, const DatabaseOptions& options,
                          ResetPolicy fallback) {
  static constexpr std::array<std::pair<const char*, ResetPolicy>, 2> kPolicies{
      {{"when_dirty", ResetPolicy::when_dirty}, {"always", ResetPolicy::always}}};
  if (options.reset_policy) {
    return *options.reset_policy;
  }
  const auto word = reader.text("RESET_POLICY");
  for (const auto& [name, policy] : kPolicies) {
    if (to_lower(trim(word)) == name) {
      return policy;
    }
  }
  if (!trim(word).empty()) {
    reader.refuse(reader.variable("RESET_POLICY") + " must be 'when_dirty' or 'always'");
  }
  return fallback;
}

}  // namespace

PoolSettings resolve_pool(const SettingReader& reader, const DatabaseOptions& options) {
  PoolSettings pool;
  resolve_sizes(reader, options, pool);
  resolve_ages(reader, options, pool);
  resolve_breaker(reader, options, pool);
  pool.reset_policy = resolve_reset(reader, options, pool.reset_policy);
  return pool;
}

}  // namespace flowdb::config
