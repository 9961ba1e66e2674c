#pragma once

#include <chrono>

namespace flowdb::test {

/// What a call may take beyond its deadline, whatever the server and the network do.
constexpr std::chrono::milliseconds grace{250};

/// Measures from its construction.
class Stopwatch {
 public:
  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace flowdb::test
