#include "backend/sqlserver/open_turn.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace flowdb::backend::sqlserver {
namespace {

using namespace std::chrono_literals;

TEST(OpenTurn, IsOnesAlone_UntilItIsOver) {
  std::optional<OpenTurn> first{std::in_place, "one.example", Deadline::never()};
  EXPECT_TRUE(first->has_turn());
  EXPECT_TRUE((OpenTurn{"two.example", Deadline::never()}.has_turn())) << "another server's";
  const auto start = Deadline::Clock::now();
  EXPECT_FALSE((OpenTurn{"one.example", Deadline::after(50ms)}.has_turn()));
  EXPECT_GE(Deadline::Clock::now() - start, 50ms);
  first.reset();
  EXPECT_TRUE((OpenTurn{"one.example", Deadline::after(0ms)}.has_turn()));
}

TEST(OpenTurn, PassesFromThreadToThread) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 50; ++turn) {
        const OpenTurn own{"three.example", Deadline::never()};
        const int now = ++inside;
        most = std::max(most.load(), now);
        --inside;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
