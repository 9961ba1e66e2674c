#include "pool/pool_state.hpp"

#include <algorithm>
#include <chrono>

namespace flowdb::pool {
namespace {

/// Idle for less than this, a look at the socket is proof enough.
constexpr std::chrono::milliseconds kLookOnly{500};

}  // namespace

PoolState::PoolState(const config::PoolSettings& settings, const std::function<double()>& jitter)
    : settings_(settings),
      jitter_(jitter),
      circuit_(settings, jitter),
      slots_(settings.max_connections()) {
  idle_.reserve(slots_.size());
}

std::optional<PoolState::Grant> PoolState::acquire(TimePoint now) {
  if (idle_.empty() || !waiters_.empty()) {
    return std::nullopt;
  }
  const std::size_t index = idle_.back();
  idle_.pop_back();
  Slot& slot = slots_[index];
  slot.state = SlotState::leased;
  ++leased_;
  return Grant{index, check_for(slot, now)};
}

Check PoolState::check_for(Slot& slot, TimePoint now) {
  if (slot.generation != generation_) {
    slot.generation = generation_;  // proven by the round trip, or retired
    return Check::round_trip;
  }
  return now - slot.idle_since < kLookOnly ? Check::look : Check::round_trip;
}

/// One that was lent, or on its way, when others of its age were found dead.
Check PoolState::check_on_hand_over(Slot& slot) const {
  if (slot.generation == generation_ || is_unwelcome(slot)) {
    return Check::none;
  }
  slot.generation = generation_;
  return Check::round_trip;
}

PoolState::Decisions PoolState::enqueue(Waiter* waiter, bool first, TimePoint now) {
  if (first) {
    waiters_.push_front({waiter, now});
  } else {
    waiters_.push_back({waiter, now});
  }
  Decisions decisions;
  plan_opens(now, decisions);
  return decisions;
}

bool PoolState::stop_waiting(Waiter* waiter) {
  const auto found = std::find_if(waiters_.begin(), waiters_.end(),
                                  [&](const Queued& queued) { return queued.waiter == waiter; });
  if (found == waiters_.end()) {
    return false;
  }
  waiters_.erase(found);
  return true;
}

bool PoolState::idles_again(std::size_t index, TimePoint now) {
  if (!waiters_.empty() || must_close(slots_[index], now)) {
    return false;
  }
  last_well_ = now;
  idle(index, now);
  return true;
}

PoolState::Decisions PoolState::released(std::size_t index, TimePoint now) {
  last_well_ = now;
  Decisions decisions;
  if (must_close(slots_[index], now)) {
    --leased_;
    close_slot(index, decisions);
    turn_away_the_hopeless(decisions);
  } else {
    give_to_waiter_or_idle(index, now, decisions);
  }
  return decisions;
}

bool PoolState::must_close(const Slot& slot, TimePoint now) const {
  if (is_unwelcome(slot) || now >= slot.expires) {
    return true;
  }
  const bool is_overflow = open_count() > settings_.pool_size;
  return is_overflow && waiters_.empty() && settings_.overflow_idle_timeout.count() == 0;
}

void PoolState::give_to_waiter_or_idle(std::size_t index, TimePoint now, Decisions& decisions) {
  if (waiters_.empty()) {
    idle(index, now);
    return;
  }
  const auto check = check_on_hand_over(slots_[index]);
  decisions.hand_overs.push_back({waiters_.front().waiter, {index, check}});
  waiters_.pop_front();
}

void PoolState::idle(std::size_t index, TimePoint now) {
  Slot& slot = slots_[index];
  slot.state = SlotState::idle;
  slot.idle_since = now;
  --leased_;
  idle_.push_back(index);
}

void PoolState::close_slot(std::size_t index, Decisions& decisions) {
  slots_[index].state = SlotState::closing;
  decisions.closes.push_back(index);
}

void PoolState::close_idle(std::size_t index, Decisions& decisions) {
  idle_.erase(std::find(idle_.begin(), idle_.end(), index));
  close_slot(index, decisions);
}

PoolState::Decisions PoolState::retired(std::size_t index, bool abandoned, Suspicion suspicion) {
  slots_[index].state = SlotState::closing;
  slots_[index].abandoned = abandoned;
  --leased_;
  last_well_ = TimePoint::min();
  Decisions decisions;
  const auto generation = slots_[index].generation;  // one of an older age tells nothing new
  if (suspicion == Suspicion::may_be_dead && generation == generation_) {
    ++generation_;
  } else if (suspicion == Suspicion::wrong_server && !is_unwelcome(slots_[index])) {
    decisions = dispose();
  }
  turn_away_the_hopeless(decisions);
  return decisions;
}

PoolState::Decisions PoolState::closed(std::size_t index, TimePoint now) {
  slots_[index] = Slot{};
  --in_use_;
  Decisions decisions;
  plan_opens(now, decisions);
  return decisions;
}

PoolState::Decisions PoolState::dispose() {
  oldest_welcome_ = ++generation_;
  Decisions decisions;
  for (const std::size_t index : std::vector<std::size_t>{idle_}) {
    close_idle(index, decisions);
  }
  return decisions;
}

bool PoolState::is_disposed_of() const {
  return std::none_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    return slot.state != SlotState::empty && !slot.abandoned && is_unwelcome(slot);
  });
}

std::size_t PoolState::undisposed_leases() const {
  return static_cast<std::size_t>(std::count_if(
      slots_.begin(), slots_.end(),
      [&](const Slot& slot) { return slot.state == SlotState::leased && is_unwelcome(slot); }));
}

PoolState::Counts PoolState::counts() const {
  Counts counts;
  counts.idle = idle_.size();
  counts.leased = leased_;
  counts.opening = opening_;
  counts.waiting = waiters_.size();
  counts.closing = in_use_ - idle_.size() - leased_ - opening_;
  counts.abandoned = static_cast<std::size_t>(
      std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.abandoned; }));
  const std::size_t open = open_count();
  counts.overflow = open > settings_.pool_size ? open - settings_.pool_size : 0;
  return counts;
}

}  // namespace flowdb::pool
