#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "config/pool_settings.hpp"
#include "core/clock.hpp"
#include "pool/circuit_breaker.hpp"

namespace flowdb::pool {

/// One caller in the queue; the state machine only passes it around.
struct Waiter;

/// What has to be done to a connection before its new holder may use it.
enum class Check {
  none,        ///< it was opened or given back this instant
  look,        ///< a look at the socket
  round_trip,  ///< idle for long, or of a generation in which another one was found dead
};

/// What a connection that must not be used again tells of the others.
enum class Suspicion {
  none,          ///< it was given up on this side
  may_be_dead,   ///< the server ended it: those opened before now are asked before they are used
  wrong_server,  ///< it leads to a server that is not the one wanted: so do those opened before now
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
    /// To be told that no connection can be had for now: the breaker has opened.
    std::vector<Waiter*> turned_away;

    bool is_empty() const noexcept {
      return hand_overs.empty() && opens.empty() && closes.empty() && failed == nullptr &&
             turned_away.empty();
    }
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
  PoolState(const config::PoolSettings& settings, const std::function<double()>& jitter);

  /// A caller wants a connection: one at once, or nothing, and then it queues.
  std::optional<Grant> acquire(TimePoint now);
  /// The caller whom acquire() has given nothing: whether it is not to queue either, as no
  /// connection can be had for now.
  bool turns_away(TimePoint now);
  /// `first`: it has waited before, and what it was given was dead.
  Decisions enqueue(Waiter* waiter, bool first, TimePoint now);
  /// The caller stops waiting. False: it was handed a connection meanwhile.
  bool stop_waiting(Waiter* waiter);

  Decisions opened(std::size_t slot, TimePoint now);
  Decisions open_failed(std::size_t slot, OpenFailure failure, TimePoint now);
  /// The usual end of a lease, quickly: a proven connection comes back and idles from now on.
  /// False: nothing has happened, and released() says what to do.
  bool idles_again(std::size_t slot, TimePoint now);
  /// A proven connection comes back.
  Decisions released(std::size_t slot, TimePoint now);
  /// A connection comes back that must not be used again; it holds its slot until closed().
  Decisions retired(std::size_t slot, bool abandoned, Suspicion suspicion);
  Decisions closed(std::size_t slot, TimePoint now);
  /// Time has passed: closes what idled too long or lived too long, probes a server that was given
  /// up on, and takes an opening that has no end for a failure.
  Decisions maintain(TimePoint now);
  /// When maintain() is next due; nullopt: not before another connection is opened.
  std::optional<TimePoint> next_maintenance(TimePoint now) const;
  /// Closes idle connections now, and the others when they come back.
  Decisions dispose();

  Counts counts() const;
  bool has_idle() const noexcept { return !idle_.empty(); }
  /// Every slot is in use, and none of them is being opened.
  bool is_exhausted() const { return in_use_ == slots_.size() && opening_ == 0; }
  /// All that were open or on their way at the last dispose() are closed, or given up on.
  bool is_disposed_of() const;
  /// Of those that are not, the ones that are lent.
  std::size_t undisposed_leases() const;
  const CircuitBreaker& circuit() const noexcept { return circuit_; }

 private:
  enum class SlotState { empty, opening, idle, leased, closing };
  struct Slot {
    SlotState state = SlotState::empty;
    bool abandoned = false;
    bool overdue = false;  // its opening has been taken for a failure already
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
  Check check_on_hand_over(Slot& slot) const;
  bool must_close(const Slot& slot, TimePoint now) const;
  void begin_opening(std::size_t index, TimePoint now, Decisions& decisions);
  void plan_opens(TimePoint now, Decisions& decisions);
  std::size_t missing_openings() const;
  std::size_t allowed_openings(TimePoint now) const;
  void give_to_waiter_or_idle(std::size_t index, TimePoint now, Decisions& decisions);
  void idle(std::size_t index, TimePoint now);
  bool has_hope(TimePoint since) const;
  void turn_away_the_hopeless(Decisions& decisions);
  /// A dispose() has come while it was open.
  bool is_unwelcome(const Slot& slot) const { return slot.generation < oldest_welcome_; }
  void close_slot(std::size_t index, Decisions& decisions);
  void close_idle(std::size_t index, Decisions& decisions);
  // What time brings about.
  void note_overdue_openings(TimePoint now);
  void probe_if_due(TimePoint now, Decisions& decisions);
  std::optional<TimePoint> next_ageing(TimePoint now) const;
  TimePoint idle_limit(std::size_t index, std::size_t open) const;
  std::chrono::milliseconds shortest_idle_time() const;
  std::size_t open_count() const { return idle_.size() + leased_; }

  config::PoolSettings settings_;
  std::function<double()> jitter_;
  CircuitBreaker circuit_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> idle_;  // the one given back last is at the end, and taken first
  std::deque<Queued> waiters_;
  std::size_t in_use_ = 0;  // slots that are not empty
  std::size_t leased_ = 0;
  std::size_t opening_ = 0;
  std::uint64_t generation_ = 0;      // raised when connections became suspect
  std::uint64_t oldest_welcome_ = 0;  // raised by dispose(): older ones close when they return
  /// When a connection last came back well; forgotten when one came back broken.
  TimePoint last_well_ = TimePoint::min();
};

}  // namespace flowdb::pool
