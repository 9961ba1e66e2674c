#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <stdexcept>

#include "pool/pool_core.hpp"
#include "pool/pool_state.hpp"

namespace flowdb::pool {

/// A PoolState with a clock that the test moves, and callers that exist only as waiters.
class StateDriver {
 public:
  using Decisions = PoolState::Decisions;

  explicit StateDriver(const config::PoolSettings& settings, double jitter = 0)
      : state{settings, [jitter] { return jitter; }} {}

  Waiter* queue(bool first = false) {
    waiters_.emplace_back();
    last = state.enqueue(&waiters_.back(), first, now);
    return &waiters_.back();
  }

  /// A slot on loan, as a caller gets it who finds nothing idle.
  std::size_t open() {
    Waiter* const waiter = queue();
    if (last.opens.size() != 1) throw std::logic_error("expected one opening");
    const auto decisions = state.opened(last.opens.front(), now);
    if (decisions.hand_overs.size() != 1 || decisions.hand_overs.front().waiter != waiter) {
      throw std::logic_error("expected the connection to be handed over");
    }
    return decisions.hand_overs.front().grant.slot;
  }
  /// A slot that was lent and given back.
  std::size_t open_idle() {
    const auto slot = open();
    state.released(slot, now);
    return slot;
  }
  void pass(std::chrono::milliseconds time) { now += time; }

  PoolState state;
  PoolState::TimePoint now{std::chrono::hours{1}};
  Decisions last;  ///< of queue()

 private:
  std::deque<Waiter> waiters_;
};

inline config::PoolSettings pool_of(std::size_t size, std::size_t overflow) {
  config::PoolSettings settings;
  settings.pool_size = size;
  settings.max_overflow = overflow;
  settings.min_idle = size;
  return settings;
}

}  // namespace flowdb::pool
