#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "config/pool_settings.hpp"
#include "core/clock.hpp"

namespace flowdb::pool {

/// What the opening of a connection failed of.
enum class OpenFailure {
  here,            ///< this side: no thread to be had, no driver; says nothing about the server
  server,          ///< the server could not be reached, was silent for too long, or refused
  authentication,  ///< it refused the user or the password: servers lock accounts that go on trying
};

/// Spares a dead server and those who call it. After several failures to connect in a row it opens:
/// nobody connects any more but one probe at a time, at growing intervals, until one succeeds. When
/// nobody has asked for a connection for some minutes the probes cease, and who asks next is let
/// through. No clock, thread or connection; not thread-safe.
class CircuitBreaker {
 public:
  using TimePoint = Clock::TimePoint;

  /// `jitter` gives numbers of [0, 1): how much of an interval's last quarter is left out.
  CircuitBreaker(const config::PoolSettings& settings, std::function<double()> jitter);

  bool is_open() const noexcept { return is_open_; }
  /// The first of the failures in a row.
  TimePoint since() const noexcept { return since_; }
  /// When the next probe is due; a moment gone by when one is under way.
  TimePoint next_attempt() const noexcept { return next_attempt_; }

  void succeeded() noexcept;
  void failed(OpenFailure failure, TimePoint now);

  /// A caller asks: whether he is to be turned away. Closes when the probes have ceased: he may
  /// try.
  bool turns_away(TimePoint now) noexcept;
  /// When a probe is to be begun; nullopt when closed, while one is under way, and when nobody
  /// asks.
  std::optional<TimePoint> probe_due() const noexcept;
  void probe_begun() noexcept { is_probing_ = true; }
  /// No slot is free for one.
  void put_off_probe(TimePoint now);

 private:
  void schedule(TimePoint now);

  std::size_t threshold_;
  std::chrono::milliseconds longest_interval_;
  std::function<double()> jitter_;

  std::size_t failures_ = 0;  // in a row
  bool is_open_ = false;
  bool is_probing_ = false;
  bool is_for_authentication_ = false;
  TimePoint since_{};
  TimePoint last_asked_{};
  TimePoint next_attempt_{};
  std::chrono::milliseconds interval_{0};
};

}  // namespace flowdb::pool
