#include "pool/pool_state.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace flowdb::pool {
namespace {

/// Idle for less than this, a look at the socket is proof enough.
constexpr std::chrono::milliseconds kLookOnly{500};
/// How often, at most, the connections are looked through.
constexpr std::chrono::milliseconds kShortestLook{20};
/// The part of max_lifetime that jitter may take away.
constexpr double kLifetimeJitter = 0.1;
/// Who comes so long after an opening began does not count on it: the server may have been silent
/// then and be well now.
constexpr std::chrono::seconds kStaleOpening{3};

}  // namespace

PoolState::PoolState(const config::PoolSettings& settings, std::function<double()> jitter)
    : settings_(settings), jitter_(std::move(jitter)), slots_(settings.max_connections()) {
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

/// As many connections are on their way as callers wait, as far as there are free slots.
void PoolState::plan_opens(TimePoint now, Decisions& decisions) {
  if (in_use_ == slots_.size()) {
    return;
  }
  auto missing = missing_openings();
  for (std::size_t i = 0; i < slots_.size() && missing > 0; ++i) {
    if (slots_[i].state == SlotState::empty) {
      slots_[i] = Slot{};
      slots_[i].state = SlotState::opening;
      slots_[i].opening_since = now;
      slots_[i].generation = generation_;
      ++opening_;
      ++in_use_;
      --missing;
      decisions.opens.push_back(i);
    }
  }
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
  Decisions decisions;
  if (slot.generation < oldest_welcome_ && waiters_.empty()) {
    --leased_;
    close_slot(index, decisions);
  } else {
    give_to_waiter_or_idle(index, now, decisions);
  }
  return decisions;
}

PoolState::Decisions PoolState::open_failed(std::size_t index, TimePoint now) {
  const auto began = slots_[index].opening_since;
  slots_[index] = Slot{};
  --opening_;
  --in_use_;
  Decisions decisions;
  // Who came later has asked for an attempt of a later time.
  const auto found = std::find_if(waiters_.begin(), waiters_.end(),
                                  [&](const Queued& queued) { return queued.since <= began; });
  if (found != waiters_.end()) {
    decisions.failed = found->waiter;
    waiters_.erase(found);
  }
  plan_opens(now, decisions);
  return decisions;
}

PoolState::Decisions PoolState::released(std::size_t index, TimePoint now) {
  Decisions decisions;
  if (must_close(slots_[index], now)) {
    --leased_;
    close_slot(index, decisions);
  } else {
    give_to_waiter_or_idle(index, now, decisions);
  }
  return decisions;
}

bool PoolState::must_close(const Slot& slot, TimePoint now) const {
  if (slot.generation < oldest_welcome_ || now >= slot.expires) {
    return true;
  }
  const bool is_overflow = open_count() > settings_.pool_size;
  return is_overflow && waiters_.empty() && settings_.overflow_idle_timeout.count() == 0;
}

void PoolState::give_to_waiter_or_idle(std::size_t index, TimePoint now, Decisions& decisions) {
  Slot& slot = slots_[index];
  if (!waiters_.empty()) {
    decisions.hand_overs.push_back({waiters_.front().waiter, {index, Check::none}});
    waiters_.pop_front();
    return;
  }
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

void PoolState::retired(std::size_t index, bool abandoned, bool lost) {
  slots_[index].state = SlotState::closing;
  slots_[index].abandoned = abandoned;
  --leased_;
  if (lost) {
    ++generation_;
  }
}

PoolState::Decisions PoolState::closed(std::size_t index, TimePoint now) {
  slots_[index] = Slot{};
  --in_use_;
  Decisions decisions;
  plan_opens(now, decisions);
  return decisions;
}

/// When an idle connection is due to be closed, given how many are open.
PoolState::TimePoint PoolState::idle_limit(std::size_t index, std::size_t open) const {
  const Slot& slot = slots_[index];
  TimePoint limit = slot.expires;
  if (open > settings_.pool_size) {
    limit = std::min(limit, slot.idle_since + settings_.overflow_idle_timeout);
  }
  if (open > settings_.min_idle && settings_.idle_timeout.count() > 0) {
    limit = std::min(limit, slot.idle_since + settings_.idle_timeout);
  }
  return limit;
}

PoolState::Decisions PoolState::maintain(TimePoint now) {
  Decisions decisions;
  const auto idle = idle_;  // the one that idles longest first
  for (const std::size_t index : idle) {
    if (now >= idle_limit(index, open_count())) {
      close_idle(index, decisions);
    }
  }
  return decisions;
}

std::optional<PoolState::TimePoint> PoolState::next_maintenance(TimePoint now) const {
  std::optional<TimePoint> next;
  const auto consider = [&next](TimePoint moment) {
    if (moment != TimePoint::max() && (!next || moment < *next)) {
      next = moment;
    }
  };
  for (const std::size_t index : idle_) {
    consider(idle_limit(index, open_count()));
  }
  if (leased_ == 0) {
    return next;
  }
  // Those that are lent now may come back and grow too old before another one is opened.
  for (const Slot& slot : slots_) {
    if (slot.state == SlotState::leased && slot.expires > now) {
      consider(slot.expires);
    }
  }
  if (const auto idle = shortest_idle_time(); idle.count() > 0) {
    consider(now + std::max(kShortestLook, idle / 4));
  }
  return next;
}

/// How long one that is lent now may idle when it comes back; 0: as long as it likes, or not at
/// all.
std::chrono::milliseconds PoolState::shortest_idle_time() const {
  constexpr auto kNone = std::chrono::milliseconds::max();
  auto shortest = kNone;
  const auto consider = [&shortest](bool applies, std::chrono::milliseconds time) {
    if (applies && time.count() > 0) {
      shortest = std::min(shortest, time);
    }
  };
  consider(open_count() > settings_.pool_size, settings_.overflow_idle_timeout);
  consider(open_count() > settings_.min_idle, settings_.idle_timeout);
  return shortest == kNone ? std::chrono::milliseconds::zero() : shortest;
}

PoolState::Decisions PoolState::dispose() {
  oldest_welcome_ = ++generation_;
  Decisions decisions;
  for (const std::size_t index : std::vector<std::size_t>{idle_}) {
    close_idle(index, decisions);
  }
  return decisions;
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
