#pragma once

#include <algorithm>
#include <chrono>

namespace flowdb::notification {

/// How long to wait before the next attempt to listen, after another failure in a row. Doubles up
/// to a second; up to half a minute where the server has refused for good, since servers lock
/// accounts that go on trying. Up to half of it is left to chance, so that the processes of a
/// server that returns do not come all at once.
class ReconnectPause {
 public:
  /// `chance`: a number of [0, 1).
  std::chrono::milliseconds next(bool is_lasting, double chance) noexcept {
    using std::chrono::milliseconds;
    const milliseconds longest = is_lasting ? milliseconds{30'000} : milliseconds{1'000};
    const milliseconds shortest = is_lasting ? milliseconds{1'000} : milliseconds{50};
    pause_ = std::clamp(pause_ * 2, shortest, longest);
    return pause_ - milliseconds{static_cast<milliseconds::rep>(
                        static_cast<double>(pause_.count()) / 2 * chance)};
  }
  void reset() noexcept { pause_ = {}; }

 private:
  std::chrono::milliseconds pause_{0};
};

}  // namespace flowdb::notification
