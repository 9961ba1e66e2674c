// How a caller waits for a connection, and what it is told when none comes.
#include <chrono>
#include <exception>
#include <utility>

#include <flowdb/error.hpp>

#include "pool/exhaustion.hpp"
#include "pool/pool_core.hpp"
#include "pool/transaction_marks.hpp"

namespace flowdb::pool {

using std::chrono::milliseconds;

PoolState::Grant PoolCore::wait_for_grant(const AcquireOptions& options, bool first) {
  Waiter waiter;
  std::unique_lock lock{mutex_};
  if (auto grant = state_.acquire(Clock::TimePoint::clock::now())) {
    return *grant;
  }
  if (state_.turns_away(Clock::TimePoint::clock::now())) {
    throw_turned_away();
  }
  if (options.fail_when_exhausted && (state_.is_exhausted() || state_.circuit().is_open())) {
    throw_exhausted(exhaustion(milliseconds{0}));
  }
  if (state_.is_exhausted()) {
    refuse_waiting_for_oneself();
  }
  auto decisions = state_.enqueue(&waiter, first, Clock::TimePoint::clock::now());
  for (const auto slot : decisions.opens) {
    start_opening(slot);
  }
  return wait_in_queue(lock, waiter, options);
}

bool PoolCore::turns_away() {
  refuse_inherited();
  const std::lock_guard lock{mutex_};
  return !state_.has_idle() && state_.turns_away(Clock::TimePoint::clock::now());
}

PoolState::Grant PoolCore::wait_in_queue(std::unique_lock<std::mutex>& lock, Waiter& waiter,
                                         const AcquireOptions& options) {
  const auto start = Clock::TimePoint::clock::now();
  const auto limit = earlier(options.deadline, Deadline::after(options.timeout));
  const auto is_done = [&] { return waiter.is_done; };
  if (limit.is_never()) {
    waiter.changed.wait(lock, is_done);
  } else if (!waiter.changed.wait_until(lock, limit.moment(), is_done)) {
    auto report = exhaustion(
        std::chrono::duration_cast<milliseconds>(Clock::TimePoint::clock::now() - start));
    if (state_.stop_waiting(&waiter)) {
      lock.unlock();
      metrics_.pool_timed_out();
      throw_exhausted(std::move(report));
    }
  }
  if (waiter.is_turned_away) {
    throw_turned_away();
  }
  if (waiter.error != nullptr) {
    std::rethrow_exception(waiter.error);
  }
  return waiter.grant;
}

void PoolCore::throw_exhausted(std::shared_ptr<const PoolExhaustion> report) const {
  const ErrorFacts facts{.database_name = database_name_, .transient = true};
  if (report->opening > 0) {
    throw ConnectionError(describe_unopened(*report), facts);
  }
  auto message = describe(*report);
  if (TransactionMarks::of_this_thread(this) > 0) {
    message +=
        " This thread is inside a transaction of the same database: use the Transaction that its "
        "callable is given.";
  }
  throw PoolTimeoutError(message, facts, std::move(report));
}

void PoolCore::throw_turned_away() const {
  pool::throw_turned_away(database_name_, state_.circuit(),
                          last_failure_.value_or(silent_server(database_name_)),
                          Clock::TimePoint::clock::now());
}

void PoolCore::refuse_waiting_for_oneself() const {
  if (TransactionMarks::of_this_thread(this) < settings_.max_connections()) {
    return;
  }
  throw InvalidArgument(database_name_ +
                            ": this call would wait for a connection that its own thread holds in "
                            "a transaction: use the Transaction that the callable is given",
                        {.database_name = database_name_});
}

/// The error becomes the waiter's alone: the last who holds it destroys it, and reads it before.
void PoolCore::wake(const PoolState::Decisions& decisions, std::exception_ptr error) {
  for (const auto& hand_over : decisions.hand_overs) {
    hand_over.waiter->grant = hand_over.grant;
    hand_over.waiter->is_done = true;
    hand_over.waiter->changed.notify_one();
  }
  if (decisions.failed != nullptr) {
    decisions.failed->error = std::move(error);
    decisions.failed->is_done = true;
    decisions.failed->changed.notify_one();
  }
  for (auto* const waiter : decisions.turned_away) {
    waiter->is_turned_away = true;
    waiter->is_done = true;
    waiter->changed.notify_one();
  }
}

}  // namespace flowdb::pool
