#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "config/settings.hpp"
#include "core/clock.hpp"

namespace flowdb::pool {

/// One caller in the queue; the state machine only passes it around.
struct Waiter;

/// What has to be done to a connection before its new holder may use it.
enum class Check {
  none,        ///< it was opened or given back this instant
  look,        ///< a look at the socket
  round_trip,  ///< idle for long, or of a generation in which another one was found dead
};

/// Who gets a connection, which are opened, which are closed: the pool's decisions without its
/// threads, clock and connections. Every member is an event; what is to be done about it is the
/// Decisions that it returns. Slots are numbered from 0; overflow is how many are open beyond
/// pool_size, whichever they are.
///
/// Not thread-safe: the Pool calls it under its mutex.
class PoolState {
 public:
  using TimePoint = Clock::TimePoint;

  struct Grant {
    std::size_t slot = 0;
    Check check = Check::none;
  };
  struct HandOver {
    Waiter* waiter = nullptr;
    Grant grant;
  };
  struct Decisions {
    std::vector<HandOver> hand_overs;
    std::vector<std::size_t> opens;   ///< slots to be opened; then opened() or open_failed()
    std::vector<std::size_t> closes;  ///< idle slots to be closed; then closed()
    /// To be told why opening failed: one who had waited when it began.
    Waiter* failed = nullptr;
  };
  struct Counts {
    std::size_t idle = 0;
    std::size_t leased = 0;
    std::size_t opening = 0;
    std::size_t closing = 0;    ///< about to be closed, or being proven gone
    std::size_t abandoned = 0;  ///< of these the ones that the server has not confirmed gone
    std::size_t waiting = 0;
    std::size_t overflow = 0;  ///< open beyond pool_size
  };

  /// `jitter` gives numbers of [0, 1): how much of its lifetime's last tenth a connection loses.
  PoolState(const config::PoolSettings& settings, std::function<double()> jitter);

  /// A caller wants a connection: one at once, or nothing, and then it queues.
  std::optional<Grant> acquire(TimePoint now);
  /// `first`: it has waited before, and what it was given was dead.
  Decisions enqueue(Waiter* waiter, bool first, TimePoint now);
  /// The caller stops waiting. False: it was handed a connection meanwhile.
  bool stop_waiting(Waiter* waiter);

  Decisions opened(std::size_t slot, TimePoint now);
  Decisions open_failed(std::size_t slot, TimePoint now);
  /// A proven connection comes back.
  Decisions released(std::size_t slot, TimePoint now);
  /// A connection comes back that must not be used again; it holds its slot until closed().
  /// `lost`: the server ended it, so all opened before now are suspect.
  void retired(std::size_t slot, bool abandoned, bool lost);
  Decisions closed(std::size_t slot, TimePoint now);
  /// Time has passed: closes what idled too long or lived too long.
  Decisions maintain(TimePoint now);
  /// When maintain() is next due; nullopt: not before another connection is opened.
  std::optional<TimePoint> next_maintenance(TimePoint now) const;
  /// Closes idle connections now, and the others when they come back.
  Decisions dispose();

  Counts counts() const;
  /// Every slot is in use, and none of them is being opened.
  bool is_exhausted() const { return in_use_ == slots_.size() && opening_ == 0; }

 private:
  enum class SlotState { empty, opening, idle, leased, closing };
  struct Slot {
    SlotState state = SlotState::empty;
    bool abandoned = false;
    std::uint64_t generation = 0;
    TimePoint opening_since{};
    TimePoint expires = TimePoint::max();
    TimePoint idle_since{};
  };
  struct Queued {
    Waiter* waiter = nullptr;
    TimePoint since{};
  };

  Check check_for(Slot& slot, TimePoint now);
  bool must_close(const Slot& slot, TimePoint now) const;
  void plan_opens(TimePoint now, Decisions& decisions);
  std::size_t missing_openings() const;
  void give_to_waiter_or_idle(std::size_t index, TimePoint now, Decisions& decisions);
  void close_slot(std::size_t index, Decisions& decisions);
  void close_idle(std::size_t index, Decisions& decisions);
  TimePoint idle_limit(std::size_t index, std::size_t open) const;
  std::chrono::milliseconds shortest_idle_time() const;
  std::size_t open_count() const { return idle_.size() + leased_; }

  config::PoolSettings settings_;
  std::function<double()> jitter_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> idle_;  // the one given back last is at the end, and taken first
  std::deque<Queued> waiters_;
  std::size_t in_use_ = 0;  // slots that are not empty
  std::size_t leased_ = 0;
  std::size_t opening_ = 0;
  std::uint64_t generation_ = 0;      // raised when connections became suspect
  std::uint64_t oldest_welcome_ = 0;  // raised by dispose(): older ones close when they return
};

}  // namespace flowdb::pool
