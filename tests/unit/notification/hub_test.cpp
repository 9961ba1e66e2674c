#include "notification/hub.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/wait_until.hpp"
#include "unit/notification/fake_listening_server.hpp"

namespace flowdb::notification {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

class HubTest : public testing::Test {
 protected:
  Subscription listen(std::set<std::string> channels) {
    Subscription subscription{hub_, std::move(channels), false};
    hub_->wait_until_listening(subscription.member(), Deadline::after(10s));
    return subscription;
  }
  std::optional<Notification> wait(const Subscription& subscription,
                                   std::chrono::milliseconds timeout = 10s) {
    return hub_->wait(subscription.member(), Deadline::after(timeout), nullptr);
  }
  static AuthenticationError refused_password() { return AuthenticationError{"wrong password"}; }
  static ConnectionError unreachable() {
    return ConnectionError{"nobody there", {.transient = true}};
  }

  std::shared_ptr<FakeListeningServer> server_ = std::make_shared<FakeListeningServer>();
  HubTiming timing_{.connect = 10s, .silence = 20s, .answer = 1s};
  std::shared_ptr<Hub> hub_ = std::make_shared<Hub>("db", server_, timing_);
};

TEST_F(HubTest, ServesAllWhoListenOverOneConnection_EachWithHisChannels) {
  const auto one = listen({"a"});
  const auto both = listen({"a", "b"});
  EXPECT_EQ(server_->attempts, 1);
  server_->notify("a", "1");
  server_->notify("b", "2");
  EXPECT_EQ(wait(one)->payload, "1");
  EXPECT_FALSE(wait(one, 0ms));
  EXPECT_EQ(wait(both)->payload, "1");
  EXPECT_EQ(wait(both)->channel, "b");
}

TEST_F(HubTest, ListensToNoMoreThanIsWanted_AndDisconnectsWhenNobodyWantsAnything) {
  {
    const auto one = listen({"a"});
    {
      const auto other = listen({"a", "b"});
      EXPECT_EQ(server_->channels(), (std::set<std::string>{"a", "b"}));
    }
    EXPECT_TRUE(wait_until([&] { return server_->channels() == std::set<std::string>{"a"}; }));
  }
  EXPECT_TRUE(wait_until([&] { return server_->open_sources == 0; }));
  const auto again = listen({"a"});
  server_->notify("a", "1");
  EXPECT_EQ(wait(again)->payload, "1");
}

TEST_F(HubTest, NoticesAServerThatHasFallenSilent_AndTellsOfTheGap) {
  hub_ = std::make_shared<Hub>("db", server_, HubTiming{.connect = 10s, .silence = 20ms});
  const auto listener = listen({"a"});
  EXPECT_TRUE(wait_until([&] { return server_->pings >= 2; })) << "silence is asked about";
  EXPECT_EQ(server_->attempts, 1) << "an answer is enough";
  server_->fall_silent();
  EXPECT_TRUE(wait(listener)->is_gap());
  EXPECT_EQ(server_->attempts, 2);
  server_->notify("a", "1");
  EXPECT_EQ(wait(listener)->payload, "1");
}

TEST_F(HubTest, ReturnsInTime_ThoughConnectingTakesForEver) {
  server_->on_open([](const Deadline&) { std::this_thread::sleep_for(2s); });
  const Subscription subscription{hub_, {"a"}, false};
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(wait(subscription, 50ms), ConnectionError) << "it has not listened";
  EXPECT_THROW(wait(subscription, 0ms), ConnectionError);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1500ms);
  EXPECT_TRUE(wait(subscription)->is_gap()) << "it came at last";
}

TEST_F(HubTest, GoesOnTrying_AndTellsTheReasonAtTheEndOfAWait) {
  server_->on_open([](const Deadline&) { throw unreachable(); });
  const Subscription subscription{hub_, {"a"}, false};
  ASSERT_TRUE(wait_until([&] { return server_->attempts >= 2; }));
  try {
    wait(subscription, 100ms);
    FAIL();
  } catch (const ConnectionError& error) {
    EXPECT_STREQ(error.what(), "nobody there");
  }
  EXPECT_TRUE(wait_until([&] { return server_->attempts >= 3; }));
  server_->on_open({});
  EXPECT_TRUE(wait(subscription)->is_gap());
}

TEST_F(HubTest, TellsAtOnceWhatNoWaitingMends_AndIsSlowToTryAgain) {
  server_->on_open([](const Deadline&) { throw refused_password(); });
  const Subscription subscription{hub_, {"a"}, false};
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) EXPECT_THROW(wait(subscription, 10s), AuthenticationError);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_LE(server_->attempts, 5);
}

TEST_F(HubTest, LetsAChannelThatIsRefusedSpoilNothingForTheOthers) {
  server_->refuse("bad");
  const auto good = listen({"a"});
  const Subscription bad{hub_, {"bad"}, false};
  EXPECT_THROW(wait(bad), QueryError);
  server_->notify("a", "1");
  EXPECT_EQ(wait(good)->payload, "1");
  EXPECT_THROW(wait(bad, 0ms), QueryError);
}

TEST_F(HubTest, ClosesAtRest_AndListensAgainForWhoWaits) {
  const auto listener = listen({"a"});
  hub_->rest();
  EXPECT_TRUE(wait_until([&] { return server_->open_sources == 0; }));
  EXPECT_FALSE(hub_->is_listening(listener.member()));
  EXPECT_TRUE(wait(listener)->is_gap());
  std::thread waiting{[&] { EXPECT_TRUE(wait(listener)->is_gap()); }};
  const int before = server_->attempts;
  EXPECT_TRUE(wait_until([&] {
    hub_->rest();  // also when somebody waits just then
    return server_->attempts > before;
  }));
  waiting.join();
}

TEST_F(HubTest, LeavesADeadServerAlone_WhenNobodyHasWaitedForLong) {
  hub_ = std::make_shared<Hub>("db", server_, HubTiming{.connect = 10s, .interest = 0ms});
  server_->on_open([](const Deadline&) { throw unreachable(); });
  const Subscription subscription{hub_, {"a"}, false};
  ASSERT_TRUE(wait_until([&] { return server_->attempts == 1; }));
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(server_->attempts, 1);
  server_->on_open({});
  EXPECT_TRUE(wait(subscription)->is_gap());
}

TEST_F(HubTest, EndsTheMembersOfThreads_WhenItRetires) {
  const Subscription of_thread{hub_, {"a"}, true};
  const auto listener = listen({"b"});
  hub_->retire();
  EXPECT_TRUE(wait_until([&] { return server_->channels() == std::set<std::string>{"b"}; }));
}

TEST_F(HubTest, EndsAWait_WhenShutdownIsRequested) {
  const auto listener = listen({"a"});
  const ShutdownSignal shutdown;
  std::thread other{
      [&] { EXPECT_FALSE(hub_->wait(listener.member(), Deadline::never(), &shutdown)); }};
  server_->notify("b");
  kill(getpid(), SIGTERM);
  EXPECT_FALSE(hub_->wait(listener.member(), Deadline::never(), &shutdown));
  other.join();
  server_->notify("a", "1");
  ASSERT_TRUE(wait_until([&] {
    const auto next = hub_->wait(listener.member(), Deadline::after(0ms), &shutdown);
    return next && next->payload == "1";
  })) << "what has arrived is not kept back";
}

TEST(ReconnectPause, GrowsToASecond_OrToHalfAMinuteWhereTheRefusalIsLasting) {
  using std::chrono::milliseconds;
  ReconnectPause pause;
  EXPECT_EQ(pause.next(false, 0), 50ms);
  EXPECT_EQ(pause.next(false, 0), 100ms);
  EXPECT_EQ(pause.next(false, 0.5), 150ms) << "a quarter of 200 ms is left to chance";
  for (int i = 0; i < 10; ++i) pause.next(false, 0);
  EXPECT_EQ(pause.next(false, 0), 1s);
  for (int i = 0; i < 10; ++i) pause.next(true, 0);
  EXPECT_EQ(pause.next(true, 0), 30s);
  pause.reset();
  EXPECT_EQ(pause.next(true, 0), 1s);
}

}  // namespace
}  // namespace flowdb::notification
