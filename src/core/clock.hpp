#pragma once

#include <chrono>

namespace flowdb {

/// Time as the pool's, the retry's and the migrator's decisions see it; injected, so that tests
/// take no real time. Implementations are thread-safe.
class Clock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;
  virtual TimePoint now() = 0;
  virtual void sleep_for(std::chrono::nanoseconds duration) = 0;

  /// The machine's steady clock; lives as long as the process.
  static Clock& system();
};

}  // namespace flowdb
