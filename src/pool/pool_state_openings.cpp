// How PoolState opens connections: how many at a time, and what their failures are taken for.
#include <algorithm>
#include <chrono>

#include "pool/opening_age.hpp"
#include "pool/pool_state.hpp"

namespace flowdb::pool {
namespace {

/// The part of max_lifetime that jitter may take away.
constexpr double kLifetimeJitter = 0.1;

}  // namespace

bool PoolState::turns_away(TimePoint now) {
  return circuit_.turns_away(now) && !has_hope(circuit_.since());
}

/// New connections cannot be had, but one that is lent may come back: one did, since then.
bool PoolState::has_hope(TimePoint since) const {
  return leased_ > 0 && last_well_ >= since;
}

/// No connection is on its way to them, nor likely to come back.
void PoolState::turn_away_the_hopeless(Decisions& decisions) {
  if (!circuit_.is_open() || waiters_.empty() || opening_ > 0 || has_hope(circuit_.since())) {
    return;
  }
  for (const auto& queued : waiters_) {
    decisions.turned_away.push_back(queued.waiter);
  }
  waiters_.clear();
}

/// As many connections are on their way as callers wait, as far as there are free slots, and no
/// more at a time than the server is to be asked for.
void PoolState::plan_opens(TimePoint now, Decisions& decisions) {
  if (waiters_.empty() || in_use_ == slots_.size() || circuit_.is_open()) {
    return;
  }
  auto missing = std::min(missing_openings(), allowed_openings(now));
  for (std::size_t i = 0; i < slots_.size() && missing > 0; ++i) {
    if (slots_[i].state == SlotState::empty) {
      begin_opening(i, now, decisions);
      --missing;
    }
  }
}

void PoolState::begin_opening(std::size_t index, TimePoint now, Decisions& decisions) {
  slots_[index] = Slot{};
  slots_[index].state = SlotState::opening;
  slots_[index].opening_since = now;
  slots_[index].generation = generation_;
  ++opening_;
  ++in_use_;
  decisions.opens.push_back(index);
}

/// By how much those who wait outnumber the openings that they may count on.
std::size_t PoolState::missing_openings() const {
  std::size_t missing = 0;
  std::size_t waiting = 0;  // from this one to the last
  for (auto queued = waiters_.rbegin(); queued != waiters_.rend(); ++queued) {
    ++waiting;
    const auto on_their_way =
        static_cast<std::size_t>(std::count_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
          return slot.state == SlotState::opening &&
                 queued->since - slot.opening_since < kStaleOpening;
        }));
    missing = std::max(missing, waiting - std::min(waiting, on_their_way));
  }
  return missing;
}

std::size_t PoolState::allowed_openings(TimePoint now) const {
  const auto fresh =
      static_cast<std::size_t>(std::count_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
        return slot.state == SlotState::opening && now - slot.opening_since < kStaleOpening;
      }));
  return settings_.max_concurrent_connects - std::min(fresh, settings_.max_concurrent_connects);
}

PoolState::Decisions PoolState::opened(std::size_t index, TimePoint now) {
  Slot& slot = slots_[index];
  --opening_;
  ++leased_;
  slot.state = SlotState::leased;
  if (settings_.max_lifetime.count() > 0) {
    const auto lifetime = std::chrono::duration<double, std::milli>(settings_.max_lifetime) *
                          (1.0 - kLifetimeJitter * jitter_());
    slot.expires = now + std::chrono::duration_cast<std::chrono::milliseconds>(lifetime);
  }
  circuit_.succeeded();
  Decisions decisions;
  if (is_unwelcome(slot) && waiters_.empty()) {
    --leased_;
    close_slot(index, decisions);
  } else {
    give_to_waiter_or_idle(index, now, decisions);
  }
  plan_opens(now, decisions);
  return decisions;
}

PoolState::Decisions PoolState::open_failed(std::size_t index, OpenFailure failure, TimePoint now) {
  const auto began = slots_[index].opening_since;
  if (!slots_[index].overdue) {
    circuit_.failed(failure, now);
  }
  slots_[index] = Slot{};
  --opening_;
  --in_use_;
  Decisions decisions;
  // Who is likely to be served by one that is lent waits on. (Without a breaker that would mean to
  // try again without a pause.)
  const bool is_served_otherwise =
      failure != OpenFailure::here && settings_.breaker_failures > 0 && has_hope(began);
  // Who came later has asked for an attempt of a later time.
  const auto found = std::find_if(waiters_.begin(), waiters_.end(),
                                  [&](const Queued& queued) { return queued.since <= began; });
  if (found != waiters_.end() && !is_served_otherwise) {
    decisions.failed = found->waiter;
    waiters_.erase(found);
  }
  turn_away_the_hopeless(decisions);
  plan_opens(now, decisions);
  return decisions;
}

}  // namespace flowdb::pool
