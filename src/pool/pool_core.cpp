#include "pool/pool_core.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include <flowdb/error.hpp>

#include "core/process_identity.hpp"
#include "logging/log.hpp"
#include "metrics/registry.hpp"

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

Suspicion suspicion_of(const backend::Connection& connection) {
  if (connection.is_misplaced()) {
    return Suspicion::wrong_server;
  }
  return connection.is_lost() ? Suspicion::may_be_dead : Suspicion::none;
}

double random_part() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

}  // namespace

PoolCore::PoolCore(std::string database_name, const config::PoolSettings& settings,
                   std::shared_ptr<backend::Backend> backend)
    : process_(process_identity()),
      database_name_(std::move(database_name)),
      settings_(settings),
      backend_(std::move(backend)),
      metrics_(metrics::Registry::of_this_process().database(database_name_, backend_->type())),
      state_(settings, random_part),
      connections_(settings.max_connections()),
      book_(settings.max_connections(), settings.leak_detection_after) {}

bool PoolCore::is_in_own_process() const noexcept {
  return process_ == process_identity();
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
      book_.lend(grant->slot, options.borrower, start);
    }
  }
  auto since = start;
  if (!grant || grant->check == Check::round_trip || !passes(*grant, options.deadline)) {
    grant = prove_or_wait(grant, options);
    since = Clock::TimePoint::clock::now();
    const std::lock_guard lock{mutex_};
    acquire_times_.record(since - start);
    book_.lend(grant->slot, options.borrower, since);
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
  const auto suspicion = silent ? Suspicion::may_be_dead : suspicion_of(connection);
  discard(grant.slot, suspicion);
  if (suspicion == Suspicion::may_be_dead) {
    logging::write(
        logging::Level::warning,
        "database=" + database_name_ + " an idle connection was found dead and is replaced");
  }
  if (silent) {
    dispose();  // whatever swallowed this one's answer took the others as well: do not ask each
  }
  return false;
}

void PoolCore::release(std::size_t slot, const Deadline& deadline, TimePoint since) noexcept {
  if (!is_in_own_process()) {
    return;  // whatever was done to the connection here would be done to the parent's session
  }
  auto& connection = *connections_[slot];
  auto now = Clock::TimePoint::clock::now();
  if (settings_.reset_policy == ResetPolicy::always) {
    connection.mark_session_touched();
  }
  if (!connection.is_clean()) {
    const auto limit = earlier(deadline, Deadline::at(now + kLongestReset)).plus(kResetGrace);
    if (!connection.reset(limit)) {
      discard(slot, suspicion_of(connection));
      return;
    }
    now = Clock::TimePoint::clock::now();
  }
  std::unique_lock lock{mutex_};
  held_times_.record(now - since);
  book_.take_back(slot);
  if (!state_.idles_again(slot, now)) {
    carry_out(state_.released(slot, now), std::move(lock));
  }
}

void PoolCore::note_run(std::size_t slot, const std::string& fingerprint) noexcept {
  if (!is_in_own_process()) {
    return;  // the mutex may have been locked at the moment of the fork()
  }
  const std::lock_guard lock{mutex_};
  book_.run(slot, fingerprint);
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

}  // namespace flowdb::pool
