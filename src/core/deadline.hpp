#pragma once

#include <algorithm>
#include <chrono>

namespace flowdb {

/// The moment on the steady clock after which a call gives up. One deadline goes through every step
/// of a call: waiting for a slot, connecting, executing, cancelling, rolling back.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::milliseconds;

  /// A deadline that never passes.
  static Deadline never() noexcept { return Deadline{Clock::time_point::max()}; }
  static Deadline at(Clock::time_point moment) noexcept { return Deadline{moment}; }
  /// `timeout` from now; too long to be represented means never.
  static Deadline after(Milliseconds timeout) noexcept {
    const auto now = Clock::now();
    const auto longest = std::chrono::duration_cast<Milliseconds>(Clock::time_point::max() - now);
    return timeout >= longest ? never() : Deadline{now + timeout};
  }

  bool is_never() const noexcept { return moment_ == Clock::time_point::max(); }
  bool has_passed() const noexcept { return !is_never() && Clock::now() >= moment_; }
  Clock::time_point moment() const noexcept { return moment_; }

  /// What is left, never negative.
  std::chrono::nanoseconds remaining() const noexcept {
    return is_never() ? std::chrono::nanoseconds::max()
                      : std::max<std::chrono::nanoseconds>(moment_ - Clock::now(),
                                                           std::chrono::nanoseconds::zero());
  }

  /// The same moment put off by `grace`.
  Deadline plus(std::chrono::nanoseconds grace) const noexcept {
    return is_never() ? *this : Deadline{moment_ + grace};
  }

  /// The earlier of the two.
  friend Deadline earlier(Deadline a, Deadline b) noexcept {
    return a.moment_ <= b.moment_ ? a : b;
  }

 private:
  explicit Deadline(Clock::time_point moment) noexcept : moment_(moment) {}
  Clock::time_point moment_;
};

}  // namespace flowdb
