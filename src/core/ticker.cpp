#include "core/ticker.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "core/process_identity.hpp"

namespace flowdb {

/// Shared with the thread, which may outlive the ticker when its work destroys it.
struct Ticker::State {
  std::chrono::nanoseconds interval;
  std::function<void(const Stopping&)> work;
  Clock& clock;
  std::mutex mutex;
  std::condition_variable stopped;
  bool is_stopping = false;

  bool stops() {
    const std::lock_guard lock{mutex};
    return is_stopping;
  }
  /// False: it is to stop.
  bool wait_until(Clock::TimePoint moment) {
    std::unique_lock lock{mutex};
    while (!is_stopping && clock.now() < moment) {
      clock.wait_until(lock, stopped, moment);
    }
    return !is_stopping;
  }
};

Ticker::Ticker(std::chrono::nanoseconds interval, std::function<void(const Stopping&)> work,
               Clock& clock)
    : process_(process_identity()),
      state_(new State{interval, std::move(work), clock, {}, {}, false}),
      thread_([state = state_] { run(state); }) {}

Ticker::~Ticker() {
  if (process_ != process_identity()) {
    // Kept for ever: the thread and whoever holds the mutex are the parent's.
    static_cast<void>(new std::thread{std::move(thread_)});
    static_cast<void>(new std::shared_ptr<State>{std::move(state_)});
    return;
  }
  {
    const std::lock_guard lock{state_->mutex};
    state_->is_stopping = true;
  }
  state_->stopped.notify_all();
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

void Ticker::run(const std::shared_ptr<State>& state) {
  const Stopping stopping = [&state] { return state->stops(); };
  auto next = state->clock.now();
  while (state->wait_until(next)) {
    state->work(stopping);
    const auto now = state->clock.now();
    do {
      next += state->interval;
    } while (next <= now);
  }
}

}  // namespace flowdb
