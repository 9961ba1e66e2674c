// What the pool does of its own accord while nobody calls.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "unit/pool/pool_fixture.hpp"

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class PoolMaintenance : public PoolShell {
 protected:
  static std::set<std::string> threads() {
    std::set<std::string> ids;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/task"}) {
      ids.insert(entry.path().filename());
    }
    return ids;
  }
  /// How often a thread has gone to sleep; -1 when there is none of that id.
  static long sleeps(const std::string& thread) {
    constexpr std::string_view name = "voluntary_ctxt_switches:";
    std::ifstream file{"/proc/self/task/" + thread + "/status"};
    for (std::string line; std::getline(file, line);) {
      if (line.rfind(name, 0) == 0) return std::stol(line.substr(name.size()));
    }
    return -1;
  }
};

TEST_F(PoolMaintenance, ClosesOverflow_WhenItHasIdledForItsTime) {
  auto settings = pool_of(1, 2);
  settings.overflow_idle_timeout = 60ms;
  make_pool(settings);
  acquire_many(3);
  const auto given_back = Clock::now();
  EXPECT_EQ(pool->status().checked_in, 3U);
  EXPECT_TRUE(wait_until([&] { return server->connected < 3; }));
  EXPECT_GE(Clock::now() - given_back, 50ms) << "they were needed a moment ago";
  EXPECT_TRUE(wait_until([&] { return server->connected == 1; }));
  EXPECT_EQ(pool->status().overflow, 0U);
}

TEST_F(PoolMaintenance, HasNothingToDo_WhereOverflowClosesWhenItComesBack) {
  auto settings = pool_of(1, 2);
  settings.overflow_idle_timeout = 0ms;
  make_pool(settings);
  acquire_many(3);
  EXPECT_EQ(server->connected, 1);
}

TEST_F(PoolMaintenance, ClosesWhatHasLivedItsTime_ThoughItWasLentWhenItWasLastLookedAt) {
  auto settings = pool_of(2, 0);
  settings.max_lifetime = 150ms;
  make_pool(settings);
  {
    const auto lease = acquire();
    std::this_thread::sleep_for(20ms);  // the maintenance has looked, and sleeps
  }
  EXPECT_TRUE(wait_until([&] { return server->connected == 0; }));
  EXPECT_TRUE(acquire());
  EXPECT_EQ(server->opened, 2);
}

TEST_F(PoolMaintenance, KeepsMinIdle_WhenTheOthersHaveIdledTooLong) {
  auto settings = pool_of(3, 0);
  settings.min_idle = 1;
  settings.idle_timeout = 60ms;
  make_pool(settings);
  acquire_many(3);
  EXPECT_TRUE(wait_until([&] { return server->connected == 1; }));
  std::this_thread::sleep_for(150ms);
  EXPECT_EQ(server->connected, 1);
}

TEST_F(PoolMaintenance, Sleeps_WhenNothingIsOpen) {
  auto settings = pool_of(1, 2);
  settings.overflow_idle_timeout = 4ms;
  settings.idle_timeout = 4ms;
  make_pool(settings);
  std::thread{[] {}}.join();  // the first one may bring a sanitizer's own with it
  const auto before = threads();
  acquire_many(3);
  pool->dispose();
  std::string maintenance;
  EXPECT_TRUE(wait_until([&] {
    auto now = threads();
    for (const auto& id : before) now.erase(id);
    if (now.size() == 1) maintenance = *now.begin();
    return now.size() == 1;
  })) << "the openers' threads end, that of the maintenance stays";
  std::this_thread::sleep_for(50ms);
  const auto count = sleeps(maintenance);
  EXPECT_GT(count, 0);
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(sleeps(maintenance), count) << "it was awake though there is nothing to look after";
}

}  // namespace
}  // namespace flowdb::pool
