// What PoolCore does on threads of its own: opening, giving up, closing what has grown old.
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include <flowdb/error.hpp>

#include "logging/log.hpp"
#include "pool/pool_core.hpp"

namespace flowdb::pool {
namespace {

/// How long an opener tries when nobody's deadline tells: connections are for later callers, too.
constexpr std::chrono::seconds kOpenTimeout{30};
/// How long a connection that was given up on is waited for before its slot is used again.
constexpr std::chrono::seconds kAbandonTimeout{30};

/// Runs `work` on a thread of its own; false when the system has none left to give.
template <class Work>
bool start_thread(Work work) {
  try {
    std::thread{std::move(work)}.detach();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

/// The system may have no thread left to give; whoever has closed or opened something tries again.
void PoolCore::start_maintenance() {
  try {
    maintenance_ = std::thread{[this] { maintain_until_shut_down(); }};
  } catch (const std::system_error&) {
    // Then connections stay open for longer than they should.
  }
}

void PoolCore::start_opening(std::size_t slot) {
  if (!start_thread([self = shared_from_this(), slot] { self->open_slot(slot); })) {
    const ErrorFacts facts{.database_name = database_name_, .transient = true};
    fail_opening(slot,
                 std::make_exception_ptr(ConnectionError(
                     database_name_ + ": no thread could be started to open a connection", facts)));
  }
}

void PoolCore::open_slot(std::size_t slot) {
  std::exception_ptr failure;
  try {
    connections_[slot] = backend_->open(slot, Deadline::after(kOpenTimeout));
  } catch (...) {
    failure = std::current_exception();
  }
  std::unique_lock lock{mutex_};
  if (failure == nullptr) {
    maintenance_due_.notify_one();
    carry_out(state_.opened(slot, Clock::TimePoint::clock::now()), std::move(lock));
  } else {
    fail_opening(slot, std::move(failure));
  }
}

void PoolCore::fail_opening(std::size_t slot, std::exception_ptr failure) {
  const auto decisions = state_.open_failed(slot, Clock::TimePoint::clock::now());
  wake(decisions, std::move(failure));
  for (const auto next : decisions.opens) {
    start_opening(next);
  }
}

void PoolCore::close_slot(std::size_t slot, ConnectionHandle connection) {
  connection.reset();
  std::unique_lock lock{mutex_};
  carry_out(state_.closed(slot, Clock::TimePoint::clock::now()), std::move(lock));
}

void PoolCore::discard(std::size_t slot, bool lost) {
  {
    const std::lock_guard lock{mutex_};
    state_.retired(slot, true, lost);
  }
  const bool started = start_thread([self = shared_from_this(), slot] {
    self->abandon_slot(slot, std::move(self->connections_[slot]));
  });
  if (!started) {
    close_slot(slot, std::move(connections_[slot]));
  }
}

void PoolCore::abandon_slot(std::size_t slot, ConnectionHandle connection) {
  if (!connection->abandon(Deadline::after(kAbandonTimeout))) {
    logging::write(logging::Level::warning,
                   "database=" + database_name_ +
                       " a connection was given up on, and the server has not confirmed its end");
  }
  close_slot(slot, std::move(connection));
}

void PoolCore::maintain_until_shut_down() {
  std::unique_lock lock{mutex_};
  while (!is_shut_down_) {
    auto decisions = state_.maintain(Clock::TimePoint::clock::now());
    if (!decisions.closes.empty()) {
      lock.unlock();
      for (const auto slot : decisions.closes) {
        close_slot(slot, std::move(connections_[slot]));
      }
      lock.lock();
      continue;
    }
    if (const auto next = state_.next_maintenance(Clock::TimePoint::clock::now())) {
      maintenance_due_.wait_until(lock, *next);
    } else {
      maintenance_due_.wait(lock);  // until a connection is opened
    }
  }
}

void PoolCore::dispose() {
  refuse_inherited();
  std::unique_lock lock{mutex_};
  carry_out(state_.dispose(), std::move(lock));
}

void PoolCore::shut_down() {
  std::thread maintenance;
  {
    const std::lock_guard lock{mutex_};
    is_shut_down_ = true;
    maintenance = std::move(maintenance_);
    maintenance_due_.notify_all();
  }
  if (maintenance.joinable()) {
    maintenance.join();
  }
  std::unique_lock lock{mutex_};
  const auto decisions = state_.dispose();
  lock.unlock();
  for (const auto slot : decisions.closes) {
    close_slot(slot, std::move(connections_[slot]));
  }
}

}  // namespace flowdb::pool
