#include "backend/sqlserver/watchdog.hpp"

#include <algorithm>
#include <thread>

#include <unistd.h>

#include "backend/sqlserver/watched_socket.hpp"

namespace flowdb::backend::sqlserver {

Watchdog& Watchdog::instance() {
  static auto* const watchdog = new Watchdog;  // outlives whatever is destroyed at exit
  return *watchdog;
}

void Watchdog::add(const std::shared_ptr<WatchedSocket>& socket) {
  const std::lock_guard lock{mutex_};
  std::erase_if(sockets_, [](const auto& known) { return known.expired(); });
  sockets_.push_back(socket);
  if (process_ != getpid()) {
    start_thread();
  }
}

void Watchdog::start_thread() {
  next_look_.store(Clock::time_point::max());
  std::thread{[this] { run(); }}.detach();
  process_ = getpid();
}

void Watchdog::wake_by(Clock::time_point moment) {
  if (moment >= next_look_.load()) {
    return;
  }
  const std::lock_guard lock{mutex_};
  changed_.notify_one();
}

void Watchdog::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    // Whoever arms from here on finds its deadline earlier than this, and wakes the thread.
    next_look_.store(Clock::time_point::max());
    const auto next = look();
    next_look_.store(next);
    if (next == Clock::time_point::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, next);
    }
  }
}

Watchdog::Clock::time_point Watchdog::look() noexcept {
  auto next = Clock::time_point::max();
  const auto now = Clock::now();
  for (const auto& known : sockets_) {
    if (const auto socket = known.lock()) {
      next = std::min(next, socket->expire(now));
    }
  }
  return next;
}

}  // namespace flowdb::backend::sqlserver
