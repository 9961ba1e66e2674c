#include "logging/access_patterns.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace flowdb::logging {
namespace {

/// So many intervals tell what is usual.
constexpr std::size_t kEnoughIntervals = 5;
/// What the latest interval contributes to what is usual.
constexpr double kWeight = 0.2;

std::string seconds(std::chrono::milliseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

}  // namespace

BurstDetector::BurstDetector(std::size_t count, std::chrono::milliseconds window)
    : window_(window), latest_(count) {}

bool BurstDetector::note(TimePoint now) {
  if (latest_.empty()) {
    return false;
  }
  const auto count = latest_.size();
  const auto previous = latest_[(next_ + count - 1) % count];
  if (seen_ > 0 && now - previous >= window_) {
    seen_ = 0;  // it has ceased, if there was one
    is_told_ = false;
  }
  latest_[next_] = now;
  next_ = (next_ + 1) % count;
  seen_ = std::min(seen_ + 1, count);
  const auto oldest = latest_[next_];
  const bool is_burst = seen_ == count && now - oldest < window_;
  const bool is_news = is_burst && !is_told_;
  is_told_ = is_told_ || is_burst;
  return is_news;
}

RateDetector::RateDetector(const AccessWatchOptions& options)
    : factor_(options.rate_factor),
      minimum_(static_cast<double>(options.rate_minimum)),
      interval_(options.rate_interval) {}

std::optional<RateChange> RateDetector::note(TimePoint now) {
  if (factor_ <= 0) {
    return std::nullopt;
  }
  std::optional<RateChange> change;
  if (count_ == 0) {
    interval_start_ = now;
  } else if (now - interval_start_ >= interval_) {
    change = end_interval(now);
  }
  ++count_;
  const auto count = static_cast<double>(count_);
  const bool has_risen =
      intervals_ >= kEnoughIntervals && count >= minimum_ && count >= factor_ * usual_;
  if (has_risen && !is_unusual_) {
    is_unusual_ = true;
    change = RateChange{count_, usual_};
  }
  return change;
}

std::optional<RateChange> RateDetector::end_interval(TimePoint now) {
  const auto count = static_cast<double>(std::exchange(count_, 0));
  const bool has_paused = now - interval_start_ >= 2 * interval_;
  interval_start_ = has_paused ? now : interval_start_ + interval_;
  if (has_paused) {
    // It ended in the middle of the interval, whose number says nothing.
    is_unusual_ = false;
    return std::nullopt;
  }
  const bool is_known = intervals_ >= kEnoughIntervals;
  const bool has_risen = is_known && count >= minimum_ && count >= factor_ * usual_;
  const bool has_fallen = is_known && usual_ >= minimum_ && count * factor_ <= usual_;
  std::optional<RateChange> change;
  if (has_fallen && !is_unusual_) {
    change = RateChange{static_cast<std::size_t>(count), usual_};
  }
  is_unusual_ = has_risen || has_fallen;
  usual_ = intervals_ == 0 ? count : usual_ + kWeight * (count - usual_);
  intervals_ = std::min(intervals_ + 1, kEnoughIntervals);
  return change;
}

AccessPatterns::AccessPatterns(const AccessWatchOptions& options)
    : options_(options),
      errors_(options.error_burst, options.error_window),
      refused_logins_(options.authentication_failures, options.authentication_window),
      rate_(options) {}

std::vector<std::string> AccessPatterns::note(const Access& access, TimePoint now) {
  std::vector<std::string> told;
  if (access.has_failed && errors_.note(now)) {
    told.push_back("unusual=error_burst failures=" + std::to_string(options_.error_burst) +
                   " within_s=" + seconds(options_.error_window));
  }
  if (access.was_refused_login && refused_logins_.note(now)) {
    told.push_back("unusual=authentication_failures failures=" +
                   std::to_string(options_.authentication_failures) +
                   " within_s=" + seconds(options_.authentication_window));
  }
  if (const auto change = rate_.note(now)) {
    told.push_back("unusual=rate_change operations=" + std::to_string(change->count) +
                   " usual=" + std::to_string(std::lround(change->usual)) +
                   " within_s=" + seconds(options_.rate_interval));
  }
  return told;
}

}  // namespace flowdb::logging
