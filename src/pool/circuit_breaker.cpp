#include "pool/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

namespace flowdb::pool {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstInterval{100};
constexpr milliseconds kLongestForAuthentication{std::chrono::seconds{30}};
/// The part of an interval that jitter may take away: processes must not probe in step.
constexpr double kIntervalJitter = 0.25;
/// Nobody has asked for so long: there is no reason to go on knocking.
constexpr std::chrono::minutes kInterest{5};
/// A probe so much overdue will not be made.
constexpr std::chrono::seconds kOverdue{5};

}  // namespace

CircuitBreaker::CircuitBreaker(const config::PoolSettings& settings, std::function<double()> jitter)
    : threshold_(settings.breaker_failures),
      longest_interval_(settings.breaker_probe_interval),
      jitter_(std::move(jitter)) {}

void CircuitBreaker::succeeded() noexcept {
  failures_ = 0;
  is_open_ = false;
  is_probing_ = false;
}

void CircuitBreaker::failed(OpenFailure failure, TimePoint now) {
  if (failure == OpenFailure::here) {
    is_probing_ = false;
    if (is_open_) {
      schedule(now);
    }
    return;
  }
  if (failures_++ == 0) {
    since_ = now;
  }
  const bool is_for_authentication = failure == OpenFailure::authentication;
  if (!is_open_) {
    const bool is_enough = failures_ >= threshold_ || is_for_authentication;
    if (threshold_ == 0 || !is_enough) {
      return;
    }
    is_open_ = true;
    last_asked_ = now;
    interval_ = std::min(kFirstInterval, longest_interval_);
  } else if (is_probing_) {
    interval_ *= 2;
  } else {
    return;  // it had begun before this opened, and says nothing new
  }
  is_for_authentication_ = is_for_authentication;
  is_probing_ = false;
  schedule(now);
}

void CircuitBreaker::schedule(TimePoint now) {
  const auto longest = is_for_authentication_
                           ? std::max(kLongestForAuthentication, longest_interval_)
                           : longest_interval_;
  interval_ = std::min(interval_, longest);
  const auto wait =
      std::chrono::duration<double, std::milli>(interval_) * (1.0 - kIntervalJitter * jitter_());
  next_attempt_ = now + std::chrono::duration_cast<Clock::TimePoint::duration>(wait);
}

bool CircuitBreaker::turns_away(TimePoint now) noexcept {
  if (!is_open_) {
    return false;
  }
  const bool has_ceased = next_attempt_ > last_asked_ + kInterest;
  last_asked_ = now;
  is_open_ = is_probing_ || (!has_ceased && now < next_attempt_ + kOverdue);
  return is_open_;
}

std::optional<CircuitBreaker::TimePoint> CircuitBreaker::probe_due() const noexcept {
  if (!is_open_ || is_probing_ || next_attempt_ > last_asked_ + kInterest) {
    return std::nullopt;
  }
  return next_attempt_;
}

void CircuitBreaker::put_off_probe(TimePoint now) {
  schedule(now);
}

}  // namespace flowdb::pool
