#pragma once

#include <functional>

#include <flowdb/shutdown_signal.hpp>

namespace flowdb {
inline namespace v0_1 {

/// While it lives, `wake` is called when shutdown is requested: for whoever waits for something
/// else and looks at is_requested() each time that he wakes up. Called on a thread of the signal's;
/// may throw nothing. Must not outlive the signal.
class ShutdownWakeup {
 public:
  ShutdownWakeup(const ShutdownSignal& signal, std::function<void()> wake);
  ShutdownWakeup(const ShutdownWakeup&) = delete;
  ShutdownWakeup& operator=(const ShutdownWakeup&) = delete;
  /// Waits for a call that is under way.
  ~ShutdownWakeup();

 private:
  ShutdownSignal::Watch& watch_;
  const std::function<void()> wake_;
};

}  // namespace v0_1
}  // namespace flowdb
