#include "backend/postgresql/standby_watch.hpp"

#include <algorithm>

namespace flowdb::backend::postgresql {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestInterval{1000};
constexpr milliseconds kShortestInterval{100};

}  // namespace

bool StandbyWatch::is_due(TimePoint now) const noexcept {
  const auto interval = rules_.max_lag.count() > 0
                            ? std::clamp(rules_.max_lag / 2, kShortestInterval, kLongestInterval)
                            : kLongestInterval;
  return !last_look_ || now - *last_look_ >= interval;
}

std::string StandbyWatch::judge(const StandbyObservation& observation, TimePoint now) {
  last_look_ = now;
  lag_ = lag_of(observation, now);
  if (rules_.must_be_standby && !observation.is_standby) {
    return "is not a standby: it has been promoted, or is another server";
  }
  if (rules_.max_lag.count() == 0) {
    return {};
  }
  if (!lag_) {
    return "does not say how far it lags";
  }
  if (*lag_ > rules_.max_lag) {
    return "lags by " + std::to_string(lag_->count()) + " ms, and may lag by " +
           std::to_string(rules_.max_lag.count()) + " ms";
  }
  return {};
}

/// A primary that is idle commits nothing, so that the time since its last commit says nothing once
/// all of it is replayed; and what arrives then makes nobody lag by more than the time since.
std::optional<milliseconds> StandbyWatch::lag_of(const StandbyObservation& observation,
                                                 TimePoint now) {
  if (!observation.is_standby) {
    return std::nullopt;
  }
  if (observation.has_replayed_all) {
    last_level_ = now;
    return milliseconds::zero();
  }
  auto lag = observation.since_last_commit;
  if (last_level_) {
    const auto since = std::chrono::ceil<milliseconds>(now - *last_level_);
    lag = std::min(lag.value_or(since), since);
  }
  return lag ? std::optional{std::max(*lag, milliseconds::zero())} : std::nullopt;
}

}  // namespace flowdb::backend::postgresql
