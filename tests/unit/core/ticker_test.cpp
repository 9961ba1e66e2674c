#include "core/ticker.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/wait_until.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

/// Stands still but when the test moves it.
class ManualClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{} + std::chrono::nanoseconds{passed_}; }
  void sleep_for(std::chrono::nanoseconds) override {}
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  TimePoint) override {
    ++waits_;
    changed.wait_for(lock, 1ms);
  }
  void advance(std::chrono::nanoseconds time) { passed_ += time.count(); }
  /// Whoever waits has looked at the time since this was called.
  void let_look() {
    const auto before = waits_.load();
    EXPECT_TRUE(test_support::wait_until([&] { return waits_ >= before + 2; }));
  }

 private:
  std::atomic<std::int64_t> passed_{0};
  std::atomic<std::uint64_t> waits_{0};
};

TEST(Ticker, WorksAtOnce_AndThenOnceForEachInterval) {
  ManualClock clock;
  std::atomic<int> calls{0};
  const Ticker ticker{10s, [&](const Ticker::Stopping&) { ++calls; }, clock};
  EXPECT_TRUE(wait_until([&] { return calls == 1; }));
  clock.advance(9s);
  clock.let_look();
  EXPECT_EQ(calls, 1);
  clock.advance(1s);
  EXPECT_TRUE(wait_until([&] { return calls == 2; }));
  clock.advance(35s);
  EXPECT_TRUE(wait_until([&] { return calls == 3; }));
  clock.let_look();
  EXPECT_EQ(calls, 3) << "what was missed is left out";
  clock.advance(5s);
  EXPECT_TRUE(wait_until([&] { return calls == 4; })) << "at 50 s: in step with the first";
}

TEST(Ticker, EndsWithoutWaitingForTheInterval_ButForTheWorkUnderWay) {
  std::atomic<bool> has_begun{false};
  std::atomic<bool> was_told{false};
  {
    const Ticker ticker{24h, [&](const Ticker::Stopping& stopping) {
                          has_begun = true;
                          EXPECT_TRUE(wait_until([&] { return stopping(); }));
                          was_told = true;
                        }};
    EXPECT_TRUE(wait_until([&] { return has_begun.load(); }));
  }
  EXPECT_TRUE(was_told);
}

TEST(Ticker, MayBeDestroyedByItsOwnWork) {
  std::unique_ptr<Ticker> ticker;
  std::mutex mutex;
  std::atomic<bool> is_destroyed{false};
  {
    const std::lock_guard lock{mutex};
    ticker = std::make_unique<Ticker>(1ms, [&](const Ticker::Stopping&) {
      const std::lock_guard inner{mutex};
      ticker.reset();
      is_destroyed = true;
    });
  }
  EXPECT_TRUE(wait_until([&] { return is_destroyed.load(); }));
  const std::lock_guard lock{mutex};
  EXPECT_EQ(ticker, nullptr);
}

TEST(Ticker, IsLeftAloneByAChildProcess) {
  auto ticker = std::make_unique<Ticker>(1ms, [](const Ticker::Stopping&) {});
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ticker.reset();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace flowdb
