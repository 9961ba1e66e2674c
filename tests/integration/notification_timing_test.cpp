// How quickly notifications come, and how long a wait takes whatever the network does.
#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "backend/backend.hpp"
#include "config/settings.hpp"
#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "notification/hub.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;
using SteadyClock = std::chrono::steady_clock;

class NotificationTiming : public testing::Test {
 protected:
  template <class Wait>
  static void expect_to_last(std::chrono::milliseconds timeout, const Wait& wait) {
    const Stopwatch stopwatch;
    wait();
    EXPECT_GE(stopwatch.elapsed() + 1ms, timeout);
    EXPECT_LE(stopwatch.elapsed(), timeout + grace);
  }

  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
};

TEST_F(NotificationTiming, ComesWithinMillisecondsOfTheCommit) {
  auto db = manager_for(database_);
  auto listener = db.listen({"ready"});
  std::vector<SteadyClock::duration> delays;
  for (int i = 0; i < 50; ++i) {
    auto arrival = std::async(std::launch::async, [&] {
      EXPECT_TRUE(listener.wait(10s));
      return SteadyClock::now();
    });
    std::this_thread::sleep_for(2ms);  // so that it waits, mostly
    database_.exec("NOTIFY ready");
    const auto committed = SteadyClock::now();
    delays.push_back(arrival.get() - committed);
  }
  std::sort(delays.begin(), delays.end());
  EXPECT_LT(delays[5], 10ms);
  EXPECT_LT(delays[25], 100ms) << "on a machine that has other things to do";
}

TEST_F(NotificationTiming, WaitsAsLongAsItIsTold) {
  auto db = manager_for(database_);
  auto listener = db.listen({"ready"});
  for (const auto timeout : {0ms, 30ms, 300ms}) {
    expect_to_last(timeout, [&] { EXPECT_FALSE(listener.wait(timeout)); });
  }
}

TEST_F(NotificationTiming, ReturnsInTime_AndListensAgain_WhereTheNetworkSwallowsEverything) {
  const auto settings = config::resolve_settings(
      "flow_db", ConfigManager{{.environment = "integration", .project_root = FLOWDB_SOURCE_DIR}},
      {.connection_string = proxy_.url()});
  const auto hub = std::make_shared<notification::Hub>(
      "flow_db", std::shared_ptr<backend::Backend>{backend::make_backend(settings)},
      notification::HubTiming{.connect = 3s, .silence = 200ms, .answer = 300ms});
  const notification::Subscription listener{hub, {"ready"}, false};
  hub->wait_until_listening(listener.member(), Deadline::after(10s));
  const auto wait = [&](std::chrono::milliseconds timeout) {
    return hub->wait(listener.member(), Deadline::after(timeout), nullptr);
  };
  proxy_.stall();
  expect_to_last(100ms, [&] { EXPECT_FALSE(wait(100ms)) << "it cannot be known yet"; });
  EXPECT_TRUE(wait_until([&] { return !hub->is_listening(listener.member()); }, 5s));
  expect_to_last(100ms, [&] { EXPECT_THROW(wait(100ms), Error); });
  expect_to_last(0ms, [&] { EXPECT_THROW(wait(0ms), Error); });
  proxy_.heal();
  EXPECT_TRUE(wait(20s)->is_gap());
  database_.exec("NOTIFY ready, 'healed'");
  EXPECT_EQ(wait(10s)->payload, "healed");
}

TEST_F(NotificationTiming, DoesNotWaitForTheNetwork_WhenItEnds) {
  auto db = manager_for(proxy_.url());
  auto listener = std::make_unique<NotificationListener>(db.listen({"ready"}));
  proxy_.stall();
  expect_to_last(0ms, [&] { listener.reset(); });
  auto impatient = manager_for(proxy_.url(), {.timeout = 200ms});
  expect_to_last(200ms, [&] { EXPECT_THROW(impatient.listen({"other"}), ConnectionError); });
  proxy_.heal();
}

}  // namespace
}  // namespace flowdb::test
