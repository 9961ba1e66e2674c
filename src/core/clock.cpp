#include "core/clock.hpp"

#include <thread>

namespace flowdb {
namespace {

class SystemClock final : public Clock {
 public:
  TimePoint now() override { return std::chrono::steady_clock::now(); }
  void sleep_for(std::chrono::nanoseconds duration) override {
    std::this_thread::sleep_for(duration);
  }
};

}  // namespace

void Clock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                       TimePoint moment) {
  changed.wait_until(lock, moment);
}

Clock& Clock::system() {
  static SystemClock clock;
  return clock;
}

}  // namespace flowdb
