#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::metrics {

/// A statement that took its time.
struct SlowStatement {
  std::string database_name;
  std::string operation;
  std::string fingerprint;  ///< without values
  std::string outcome;      ///< as in the log
  std::chrono::nanoseconds duration{0};
  std::uint64_t rows = 0;
  std::chrono::system_clock::time_point time;  ///< its end
};

/// The latest slow statements of the process, at most `kCapacity` of them. Thread-safe; as long as
/// nothing is slow, nobody comes here.
class SlowStatements {
 public:
  static constexpr std::size_t kCapacity = 100;

  void add(SlowStatement statement);
  /// The latest one comes first.
  std::vector<SlowStatement> latest() const;

 private:
  mutable std::mutex mutex_;
  std::deque<SlowStatement> statements_;
};

}  // namespace flowdb::metrics
