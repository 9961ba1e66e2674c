#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace flowdb {
inline namespace v0_1 {

/// Turns SIGTERM and SIGINT into a request that a flow can see, instead of the process's sudden
/// end:
///
///     flowdb::ShutdownSignal shutdown;
///     while (!shutdown.wait_for(5s)) work_on_the_queue(db);
///     return db.dispose(10s) == 0 ? 0 : 1;   // lets calls of other threads finish
///
/// The first signal is the request; a second one ends the process as if this were not there. A
/// signal that was ignored (as by nohup) stays ignored. At most one of these lives at a time; the
/// destructor puts back what was there before. A child process made by fork() meanwhile reacts to
/// signals as if this were not there. Members may be called from any thread.
class ShutdownSignal {
 public:
  /// `action` is called on a thread of this class, with the signal's number, as soon as the first
  /// one comes; it may throw nothing and must not destroy this object.
  /// \throws InvalidArgument when another one lives; std::system_error when the system has no
  /// thread or descriptor left.
  explicit ShutdownSignal(std::function<void(int signal)> action = {});
  ShutdownSignal(const ShutdownSignal&) = delete;
  ShutdownSignal& operator=(const ShutdownSignal&) = delete;
  /// Waits for an action that is under way.
  ~ShutdownSignal();

  bool is_requested() const noexcept;
  /// Waits until shutdown is requested, at most for `time`; whether it is.
  bool wait_for(std::chrono::milliseconds time) const;

 private:
  friend class ShutdownWakeup;
  struct Watch;
  std::unique_ptr<Watch> watch_;
};

}  // namespace v0_1
}  // namespace flowdb
