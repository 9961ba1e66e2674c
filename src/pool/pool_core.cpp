#include "pool/pool_core.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include <unistd.h>

#include <flowdb/error.hpp>

#include "logging/log.hpp"
#include "pool/transaction_marks.hpp"

namespace flowdb::pool {
namespace {

using std::chrono::milliseconds;

/// A ping that takes longer than this will not come back. It gets half of the caller's time, within
/// these bounds: the other half is for a new connection.
constexpr milliseconds kShortestPing{500};
constexpr milliseconds kLongestPing{5000};
/// How far resetting a connection may go beyond the deadline of the call that used it.
constexpr milliseconds kResetGrace{150};
/// How long resetting may take where the call had no deadline.
constexpr std::chrono::seconds kLongestReset{30};

double random_part() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

}  // namespace

PoolCore::PoolCore(std::string database_name, const config::PoolSettings& settings,
                   std::unique_ptr<backend::Backend> backend)
    : process_(getpid()),
      database_name_(std::move(database_name)),
      settings_(settings),
      backend_(std::move(backend)),
      state_(settings, random_part),
      connections_(settings.max_connections()) {}

bool PoolCore::is_in_own_process() const noexcept {
  return process_ == getpid();
}

void PoolCore::refuse_inherited() const {
  if (!is_in_own_process()) {
    throw InvalidArgument(database_name_ +
                              ": the manager was made before fork(), so that its connections are "
                              "the parent's: make another one in the child",
                          {.database_name = database_name_});
  }
}

Lease PoolCore::acquire(const AcquireOptions& options) {
  refuse_inherited();
  const auto start = Clock::TimePoint::clock::now();
  std::optional<PoolState::Grant> grant;
  {
    const std::lock_guard lock{mutex_};
    grant = state_.acquire(start);
    if (grant && grant->check != Check::round_trip) {
      acquire_times_.record({});  // below what a clock tells
    }
  }
  auto since = start;
  if (!grant || grant->check == Check::round_trip || !passes(*grant, options.deadline)) {
    grant = prove_or_wait(grant, options);
    since = Clock::TimePoint::clock::now();
    const std::lock_guard lock{mutex_};
    acquire_times_.record(since - start);
  }
  return Lease{*this, grant->slot, *connections_[grant->slot], options.deadline, since};
}

/// The slow way: whatever takes a round trip or a place in the queue.
PoolState::Grant PoolCore::prove_or_wait(std::optional<PoolState::Grant> grant,
                                         const AcquireOptions& options) {
  const bool still_held = grant && grant->check == Check::round_trip;
  if (still_held && passes(*grant, options.deadline)) {
    return *grant;
  }
  bool first = grant.has_value();
  for (;;) {
    const auto next = wait_for_grant(options, first);
    if (passes(next, options.deadline)) {
      return next;
    }
    first = true;  // it had its turn, and what it was given was dead
  }
}

/// Proves the connection; one that fails is discarded.
bool PoolCore::passes(const PoolState::Grant& grant, const Deadline& deadline) {
  if (grant.check == Check::none) {
    return true;
  }
  auto& connection = *connections_[grant.slot];
  if (grant.check == Check::look && connection.seems_alive()) {
    return true;
  }
  // Something has arrived, or the connection has idled: only an answer proves it.
  const auto half = std::chrono::duration_cast<milliseconds>(deadline.remaining() / 2);
  const auto limit = Deadline::after(std::clamp(half, kShortestPing, kLongestPing));
  if (connection.ping(earlier(deadline, limit))) {
    return true;
  }
  const bool silent = limit.has_passed();  // a caller without that much patience proves nothing
  const bool dead = connection.is_lost() || silent;
  discard(grant.slot, dead);
  if (dead) {
    logging::write(
        logging::Level::warning,
        "database=" + database_name_ + " an idle connection was found dead and is replaced");
  }
  if (silent) {
    dispose();  // whatever swallowed this one's answer took the others as well: do not ask each
  }
  return false;
}

PoolState::Grant PoolCore::wait_for_grant(const AcquireOptions& options, bool first) {
  Waiter waiter;
  std::unique_lock lock{mutex_};
  if (auto grant = state_.acquire(Clock::TimePoint::clock::now())) {
    return *grant;
  }
  if (state_.is_exhausted()) {
    if (options.fail_when_exhausted) {
      throw_no_connection(state_.counts(), true, milliseconds{0});
    }
    refuse_waiting_for_oneself();
  }
  auto decisions = state_.enqueue(&waiter, first, Clock::TimePoint::clock::now());
  for (const auto slot : decisions.opens) {
    start_opening(slot);
  }
  return wait_in_queue(lock, waiter, options);
}

PoolState::Grant PoolCore::wait_in_queue(std::unique_lock<std::mutex>& lock, Waiter& waiter,
                                         const AcquireOptions& options) {
  const auto start = Clock::TimePoint::clock::now();
  const auto limit = earlier(options.deadline, Deadline::after(options.timeout));
  const auto is_done = [&] { return waiter.is_done; };
  if (limit.is_never()) {
    waiter.changed.wait(lock, is_done);
  } else if (!waiter.changed.wait_until(lock, limit.moment(), is_done)) {
    const auto counts = state_.counts();
    if (state_.stop_waiting(&waiter)) {
      lock.unlock();
      throw_no_connection(
          counts, false,
          std::chrono::duration_cast<milliseconds>(Clock::TimePoint::clock::now() - start));
    }
  }
  if (waiter.error != nullptr) {
    std::rethrow_exception(waiter.error);
  }
  return waiter.grant;
}

void PoolCore::throw_no_connection(const PoolState::Counts& counts, bool gave_up_at_once,
                                   milliseconds waited) const {
  const bool connecting = counts.opening > 0 && !gave_up_at_once;
  std::string message = database_name_ + ": ";
  message += connecting ? "the server did not accept a connection within "
                        : "no connection became free within ";
  message += std::to_string(waited.count()) +
             " ms (total=" + std::to_string(counts.leased + counts.idle + counts.closing) +
             ", active=" + std::to_string(counts.leased) + ", idle=" + std::to_string(counts.idle) +
             ", opening=" + std::to_string(counts.opening) +
             ", waiting=" + std::to_string(counts.waiting) +
             ", maximum=" + std::to_string(settings_.max_connections()) + ").";
  const ErrorFacts facts{.database_name = database_name_, .transient = true};
  if (connecting) {
    throw ConnectionError(message + " Check that the server is up and reachable.", facts);
  }
  if (TransactionMarks::of_this_thread(this) > 0) {
    message +=
        " This thread is inside a transaction of the same database: use the Transaction that its "
        "callable is given.";
  }
  throw PoolTimeoutError(
      message + " Give connections back sooner, or raise POOL_SIZE or MAX_OVERFLOW.", facts);
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

void PoolCore::release(std::size_t slot, const Deadline& deadline, TimePoint since) noexcept {
  if (!is_in_own_process()) {
    return;  // whatever was done to the connection here would be done to the parent's session
  }
  auto& connection = *connections_[slot];
  const auto limit = earlier(deadline, Deadline::after(kLongestReset)).plus(kResetGrace);
  if (!connection.reset(limit)) {
    discard(slot, connection.is_lost());
    return;
  }
  const auto now = Clock::TimePoint::clock::now();
  std::unique_lock lock{mutex_};
  held_times_.record(now - since);
  carry_out(state_.released(slot, now), std::move(lock));
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
}

void PoolCore::carry_out(PoolState::Decisions decisions, std::unique_lock<std::mutex> lock) {
  wake(decisions, nullptr);
  for (const auto slot : decisions.opens) {
    start_opening(slot);
  }
  if (is_shut_down_) {
    auto more = state_.dispose();
    decisions.closes.insert(decisions.closes.end(), more.closes.begin(), more.closes.end());
  } else if (!maintenance_.joinable()) {
    start_maintenance();
  }
  lock.unlock();
  for (const auto slot : decisions.closes) {
    close_slot(slot, std::move(connections_[slot]));
  }
}

PoolStatus PoolCore::status() const {
  refuse_inherited();  // the mutex may have been locked at the moment of the fork()
  const std::lock_guard lock{mutex_};
  const auto counts = state_.counts();
  PoolStatus status;
  status.database_name = database_name_;
  status.pool_size = settings_.pool_size;
  status.max_overflow = settings_.max_overflow;
  status.checked_in = counts.idle;
  status.checked_out = counts.leased;
  status.overflow = counts.overflow;
  status.invalid = counts.abandoned;
  status.total_connections = counts.idle + counts.leased + counts.abandoned;
  status.max_connections = settings_.max_connections();
  status.opening = counts.opening;
  status.waiting = counts.waiting;
  const double part =
      static_cast<double>(counts.leased) / static_cast<double>(settings_.max_connections());
  status.utilization_percent = std::round(part * 10'000.0) / 100.0;
  status.acquire_time_ms = acquire_times_.percentiles();
  status.held_time_ms = held_times_.percentiles();
  status.timestamp = std::chrono::system_clock::now();
  return status;
}

}  // namespace flowdb::pool
