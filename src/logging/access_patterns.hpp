#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <flowdb/access_watch.hpp>

namespace flowdb::logging {

using TimePoint = std::chrono::steady_clock::time_point;

/// Whether the latest `count` events lie within a window. Remembers no more than them.
class BurstDetector {
 public:
  BurstDetector(std::size_t count, std::chrono::milliseconds window);

  /// One more event; true when it makes the burst that is to be told of.
  bool note(TimePoint now);

 private:
  std::chrono::milliseconds window_;
  std::vector<TimePoint> latest_;  // a ring; as long as the count
  std::size_t next_ = 0;
  std::size_t seen_ = 0;  // at most the count
  bool is_told_ = false;
};

/// A number of events in an interval that is far from what is usual.
struct RateChange {
  std::size_t count = 0;
  double usual = 0;
};

/// Compares the number of events in each interval with the mean of those before, in which the
/// latest weigh more.
class RateDetector {
 public:
  explicit RateDetector(const AccessWatchOptions& options);

  /// One more event. A rise is told of when it comes about, a fall at the first event after the
  /// interval.
  std::optional<RateChange> note(TimePoint now);

 private:
  std::optional<RateChange> end_interval(TimePoint now);

  double factor_;
  double minimum_;
  std::chrono::milliseconds interval_;
  TimePoint interval_start_{};
  std::size_t count_ = 0;  // in the interval under way
  double usual_ = 0;
  std::size_t intervals_ = 0;  // that have made it
  bool is_unusual_ = false;    // this interval was told of, or the one before
};

/// How one database is used. Not thread-safe.
class AccessPatterns {
 public:
  explicit AccessPatterns(const AccessWatchOptions& options);

  struct Access {
    bool has_failed = false;
    bool was_refused_login = false;
  };
  /// What is to be told, one text for each pattern: `unusual=error_burst failures=20 …`.
  std::vector<std::string> note(const Access& access, TimePoint now);

 private:
  AccessWatchOptions options_;
  BurstDetector errors_;
  BurstDetector refused_logins_;
  RateDetector rate_;
};

}  // namespace flowdb::logging
