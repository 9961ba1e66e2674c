#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include <sys/types.h>

#include "core/deadline.hpp"

namespace flowdb::backend::sqlserver {

class WatchedSocket;

/// The one thread of the process that looks after the deadlines of all calls to ODBC drivers.
/// Starts when it is first needed and never ends; sleeps until the earliest deadline. A call that
/// is armed and disarmed in time does not wake it: that costs two uncontended locks.
/// Thread-safe.
class Watchdog {
 public:
  using Clock = Deadline::Clock;

  static Watchdog& instance();

  void add(const std::shared_ptr<WatchedSocket>& socket);
  /// Something is due at `moment` that was not when the watchdog last looked.
  void wake_by(Clock::time_point moment);

 private:
  void start_thread();
  void run();
  Clock::time_point look() noexcept;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::weak_ptr<WatchedSocket>> sockets_;
  std::atomic<Clock::time_point> next_look_{Clock::time_point::max()};
  pid_t process_ = 0;  // whose thread it is: none survives a fork()
};

}  // namespace flowdb::backend::sqlserver
