#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace flowdb {

/// Time as the pool's, the retry's and the migrator's decisions see it; injected, so that tests
/// take no real time. Implementations are thread-safe.
class Clock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;
  virtual TimePoint now() = 0;
  virtual void sleep_for(std::chrono::nanoseconds duration) = 0;
  /// Waits for a notification, until `moment` at the latest; may return earlier than either.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                          TimePoint moment);

  /// The machine's steady clock; lives as long as the process.
  static Clock& system();
};

}  // namespace flowdb
