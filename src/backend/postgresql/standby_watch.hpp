#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/clock.hpp"

namespace flowdb::backend::postgresql {

/// What is asked of a server that is to be a replica.
struct StandbyRules {
  /// In recovery: one that has been promoted goes its own way.
  bool must_be_standby = true;
  std::chrono::milliseconds max_lag{0};  ///< 0: any
};

/// What a server says of itself at one moment.
struct StandbyObservation {
  bool is_standby = false;
  /// It is being sent what the primary writes, and has replayed all of that.
  bool has_replayed_all = false;
  /// Since the latest transaction that it has replayed was committed; by the clocks of both
  /// servers.
  std::optional<std::chrono::milliseconds> since_last_commit;
};

/// Decides whether the server of one connection may be used as a replica, and when to look at it
/// again. Not thread-safe.
class StandbyWatch {
 public:
  using TimePoint = Clock::TimePoint;

  explicit StandbyWatch(const StandbyRules& rules) noexcept : rules_(rules) {}

  bool is_due(TimePoint now) const noexcept;
  /// Takes an observation in. Why the server cannot be used, as the rest of a sentence; empty: it
  /// can.
  std::string judge(const StandbyObservation& observation, TimePoint now);
  /// By the last observation. None when it could not be told.
  std::optional<std::chrono::milliseconds> lag() const noexcept { return lag_; }

 private:
  std::optional<std::chrono::milliseconds> lag_of(const StandbyObservation& observation,
                                                  TimePoint now);

  StandbyRules rules_;
  std::optional<TimePoint> last_look_;
  std::optional<TimePoint> last_level_;  // when it had last replayed all
  std::optional<std::chrono::milliseconds> lag_;
};

}  // namespace flowdb::backend::postgresql
