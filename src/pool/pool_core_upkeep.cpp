// What PoolCore does on threads of its own: opening, giving up, closing what has grown old.
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include <flowdb/error.hpp>

#include "logging/log.hpp"
#include "pool/exhaustion.hpp"
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
  if (!maintenance_.joinable() && !is_shut_down_) {
    start_maintenance();
  }
  maintenance_due_.notify_one();  // it may have no end
  if (!start_thread([self = shared_from_this(), slot] { self->open_slot(slot); })) {
    const ErrorFacts facts{.database_name = database_name_, .transient = true};
    fail_opening(slot,
                 std::make_exception_ptr(ConnectionError(
                     database_name_ + ": no thread could be started to open a connection", facts)));
  }
}

void PoolCore::open_slot(std::size_t slot) {
  std::exception_ptr failure;
  const auto start = Clock::TimePoint::clock::now();
  try {
    connections_[slot] = backend_->open(slot, Deadline::after(kOpenTimeout));
    metrics_.connected(Clock::TimePoint::clock::now() - start);
  } catch (...) {
    failure = std::current_exception();
  }
  std::unique_lock lock{mutex_};
  const bool was_open = state_.circuit().is_open();
  std::string notice;
  if (failure == nullptr) {
    maintenance_due_.notify_one();
    auto decisions = state_.opened(slot, Clock::TimePoint::clock::now());
    notice = circuit_notice(was_open);
    last_failure_.reset();
    carry_out(std::move(decisions), std::move(lock));
  } else {
    fail_opening(slot, std::move(failure));
    notice = circuit_notice(was_open);
    lock.unlock();
  }
  if (!notice.empty()) {
    logging::write(logging::Level::warning, notice);
  }
}

void PoolCore::fail_opening(std::size_t slot, std::exception_ptr failure) {
  last_failure_ = connect_failure(failure);
  metrics_.connect_failed(last_failure_->kind == OpenFailure::authentication);
  const auto decisions =
      state_.open_failed(slot, last_failure_->kind, Clock::TimePoint::clock::now());
  wake(decisions, std::move(failure));
  for (const auto next : decisions.opens) {
    start_opening(next);
  }
  maintenance_due_.notify_one();  // a probe may be due
}

std::string PoolCore::circuit_notice(bool was_open) const {
  const auto& circuit = state_.circuit();
  if (circuit.is_open() == was_open) {
    return {};
  }
  const auto lasting = std::chrono::duration_cast<std::chrono::milliseconds>(
      Clock::TimePoint::clock::now() - circuit.since());
  const auto start = "database=" + database_name_;
  if (was_open) {
    return start + " connections can be had again after " + std::to_string(lasting.count()) + " ms";
  }
  return start +
         " no connection can be had: calls that need a new one fail at once until an "
         "attempt in the background succeeds. The last failure: " +
         last_failure_.value_or(silent_server(database_name_)).message;
}

void PoolCore::close_slot(std::size_t slot, ConnectionHandle connection) {
  connection.reset();
  std::unique_lock lock{mutex_};
  disposed_of_.notify_all();
  carry_out(state_.closed(slot, Clock::TimePoint::clock::now()), std::move(lock));
}

void PoolCore::discard(std::size_t slot, Suspicion suspicion) {
  {
    std::unique_lock lock{mutex_};
    book_.take_back(slot);
    auto decisions = state_.retired(slot, true, suspicion);
    disposed_of_.notify_all();
    carry_out(std::move(decisions), std::move(lock));
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
    const auto now = Clock::TimePoint::clock::now();
    const bool was_open = state_.circuit().is_open();
    auto decisions = state_.maintain(now);
    const auto notice = circuit_notice(was_open);
    const auto leaks = book_.overdue(now);
    if (decisions.is_empty() && notice.empty() && leaks.empty()) {
      wait_for_maintenance(lock, now);
      continue;
    }
    carry_out(std::move(decisions), std::move(lock));
    if (!notice.empty()) {
      logging::write(logging::Level::warning, notice);
    }
    for (const auto& leak : leaks) {
      logging::write(
          logging::Level::warning,
          "database=" + database_name_ + " a connection has been held for long: " + describe(leak));
    }
    lock = std::unique_lock{mutex_};
  }
}

void PoolCore::wait_for_maintenance(std::unique_lock<std::mutex>& lock, TimePoint now) {
  auto next = state_.next_maintenance(now);
  const auto counts = state_.counts();
  const auto overdue = counts.idle + counts.leased > 0 ? book_.next_overdue(now) : std::nullopt;
  if (overdue && (!next || *overdue < *next)) {
    next = overdue;
  }
  if (next) {
    maintenance_due_.wait_until(lock, *next);
  } else {
    maintenance_due_.wait(lock);  // until a connection is opened
  }
}

void PoolCore::dispose() {
  refuse_inherited();
  std::unique_lock lock{mutex_};
  carry_out(state_.dispose(), std::move(lock));
}

std::size_t PoolCore::dispose(const Deadline& deadline) {
  dispose();
  std::unique_lock lock{mutex_};
  const auto is_done = [this] { return state_.is_disposed_of(); };
  if (deadline.is_never()) {
    disposed_of_.wait(lock, is_done);
  } else {
    disposed_of_.wait_until(lock, deadline.moment(), is_done);
  }
  return state_.undisposed_leases();
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
