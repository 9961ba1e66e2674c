// What PoolState decides because time has passed.
#include <algorithm>
#include <chrono>
#include <iterator>

#include "pool/opening_age.hpp"
#include "pool/pool_state.hpp"

namespace flowdb::pool {
namespace {

/// How often, at most, the connections are looked through.
constexpr std::chrono::milliseconds kShortestLook{20};

using TimePoint = PoolState::TimePoint;

void consider(std::optional<TimePoint>& next, TimePoint moment) {
  if (moment != TimePoint::max() && (!next || moment < *next)) {
    next = moment;
  }
}

}  // namespace

PoolState::Decisions PoolState::maintain(TimePoint now) {
  Decisions decisions;
  const auto idle = idle_;  // the one that idles longest first
  for (const std::size_t index : idle) {
    if (now >= idle_limit(index, open_count())) {
      close_idle(index, decisions);
    }
  }
  if (opening_ > 0) {
    note_overdue_openings(now);
    plan_opens(now, decisions);
  }
  probe_if_due(now, decisions);
  return decisions;
}

void PoolState::note_overdue_openings(TimePoint now) {
  for (Slot& slot : slots_) {
    if (slot.state == SlotState::opening && !slot.overdue &&
        now - slot.opening_since >= kOverdueOpening) {
      slot.overdue = true;
      circuit_.failed(OpenFailure::server, now);
    }
  }
}

void PoolState::probe_if_due(TimePoint now, Decisions& decisions) {
  const auto due = circuit_.probe_due();
  if (!due || now < *due) {
    return;
  }
  const auto empty = std::find_if(slots_.begin(), slots_.end(),
                                  [](const Slot& slot) { return slot.state == SlotState::empty; });
  // Those without an end that it may have met before are not made many more.
  if (empty == slots_.end() || opening_ > settings_.max_concurrent_connects) {
    circuit_.put_off_probe(now);
    return;
  }
  circuit_.probe_begun();
  begin_opening(static_cast<std::size_t>(std::distance(slots_.begin(), empty)), now, decisions);
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

std::optional<PoolState::TimePoint> PoolState::next_maintenance(TimePoint now) const {
  auto next = next_ageing(now);
  if (const auto probe = circuit_.probe_due()) {
    consider(next, *probe);
  }
  if (opening_ > 0) {
    for (const Slot& slot : slots_) {
      if (slot.state == SlotState::opening && !slot.overdue) {
        const auto stale = slot.opening_since + kStaleOpening;
        consider(next, now < stale ? stale : slot.opening_since + kOverdueOpening);
      }
    }
  }
  return next;
}

std::optional<PoolState::TimePoint> PoolState::next_ageing(TimePoint now) const {
  std::optional<TimePoint> next;
  for (const std::size_t index : idle_) {
    consider(next, idle_limit(index, open_count()));
  }
  if (leased_ == 0) {
    return next;
  }
  // Those that are lent now may come back and grow too old before another one is opened.
  for (const Slot& slot : slots_) {
    if (slot.state == SlotState::leased && slot.expires > now) {
      consider(next, slot.expires);
    }
  }
  if (const auto idle = shortest_idle_time(); idle.count() > 0) {
    consider(next, now + std::max(kShortestLook, idle / 4));
  }
  return next;
}

/// How long one that is lent now may idle when it comes back; 0: as long as it likes, or not at
/// all.
std::chrono::milliseconds PoolState::shortest_idle_time() const {
  constexpr auto kNone = std::chrono::milliseconds::max();
  auto shortest = kNone;
  const auto consider_time = [&shortest](bool applies, std::chrono::milliseconds time) {
    if (applies && time.count() > 0) {
      shortest = std::min(shortest, time);
    }
  };
  consider_time(open_count() > settings_.pool_size, settings_.overflow_idle_timeout);
  consider_time(open_count() > settings_.min_idle, settings_.idle_timeout);
  return shortest == kNone ? std::chrono::milliseconds::zero() : shortest;
}

}  // namespace flowdb::pool
