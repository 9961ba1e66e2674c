#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "support/wait_until.hpp"
#include "unit/testing/mock_test_support.hpp"

namespace flowdb::testing {
namespace {

using mock_test::thrown_by;
using test_support::wait_until;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

constexpr const char* kNext = "SELECT id FROM jobs WHERE state = 'new'";

/// A flow that works whenever there may be something to do.
std::vector<std::string> work(DatabaseManager& db, std::size_t count) {
  std::vector<std::string> done;
  auto listener = db.listen({"jobs"});
  while (done.size() < count) {
    const auto rows = db.execute_query(kNext);
    for (const auto& row : rows) done.push_back(row["id"].as<std::string>());
    if (rows.empty()) listener.wait(10s);
  }
  return done;
}

TEST(MockNotifications, WakeAFlow) {
  MockDatabaseManager db;
  const auto none = make_rows({"id"}, {});
  // The server notifies between the flow's look and its wait.
  const auto notified = [&](const Call&) {
    db.push_notification("jobs", "there is one");
    return none;
  };
  db.when(kNext)
      .answers(notified)
      .returns(make_rows({"id"}, {{"a"}}))
      .answers(notified)
      .returns(make_rows({"id"}, {{"b"}}));
  EXPECT_THAT(work(db, 2), ElementsAre("a", "b"));
}

TEST(MockNotifications, AreGivenToEachThreadThatWaits_FromItsFirstWaitOn) {
  MockDatabaseManager db;
  EXPECT_TRUE(db.wait_for_notification("jobs", 10s)->is_gap());
  db.push_notification("jobs", "1");
  std::thread{[&] {
    EXPECT_TRUE(db.wait_for_notification("jobs", 10s)->is_gap()) << "its own first wait";
    db.push_notification("jobs", "2");
    EXPECT_EQ(db.wait_for_notification("jobs", 10s)->payload, "2");
    EXPECT_FALSE(db.wait_for_notification("jobs", 0ms));
  }}.join();
  EXPECT_EQ(db.wait_for_notification("jobs", 10s)->payload, "1");
  EXPECT_EQ(db.wait_for_notification("jobs", 10s)->payload, "2");
}

TEST(MockNotifications, GiveAGap_WhenTheConnectionWasLost) {
  MockDatabaseManager db;
  auto listener = db.listen({"jobs"});
  EXPECT_FALSE(listener.wait(0ms));
  db.refuse_connections(2);
  db.lose_listeners();
  EXPECT_TRUE(listener.wait(10s)->is_gap());
  EXPECT_TRUE(listener.is_listening());
}

TEST(MockNotifications, OfTheFlowItself_ComeWithItsCommit) {
  MockDatabaseManager db;
  auto listener = db.listen({"jobs", "Jobs"});
  db.notify("Jobs", "at once");
  EXPECT_EQ(listener.wait(10s)->channel, "Jobs");
  const auto notify = [](Transaction& tx) {
    tx.execute_query("SELECT pg_notify(:channel, :payload)",
                     {{"channel", "jobs"}, {"payload", "x"}});
  };
  EXPECT_THROW(db.transaction([&](Transaction& tx) {
    notify(tx);
    throw std::runtime_error{"no"};
  }),
               std::runtime_error);
  db.transaction([&](Transaction& tx) {
    notify(tx);
    EXPECT_FALSE(listener.wait(20ms));
  });
  EXPECT_EQ(listener.wait(10s)->payload, "x");
  EXPECT_FALSE(listener.wait(0ms));
  EXPECT_EQ(db.call_count("SELECT pg_notify(:channel, :payload)"), 2U);
}

TEST(MockNotifications, OfNobodyWhoListens_AreLost) {
  MockDatabaseManager db;
  db.push_notification("jobs", "lost");
  {
    auto listener = db.listen({"jobs"});
    EXPECT_TRUE(db.is_listened_to("jobs"));
    EXPECT_FALSE(db.is_listened_to("other"));
    EXPECT_FALSE(listener.wait(0ms));
  }
  EXPECT_TRUE(wait_until([&] { return !db.is_listened_to("jobs"); }));
}

TEST(MockNotifications, AreMisused_InWaysThatAreNamed) {
  MockDatabaseManager db{"rpa_db"};
  const auto refused = [&](const std::function<void()>& call) {
    return std::string{thrown_by<InvalidArgument>(call).what()};
  };
  EXPECT_EQ(refused([&] { db.listen({}); }), "rpa_db: listen() needs a channel");
  EXPECT_EQ(refused([&] {
              db.listen({"a", ""});
            }),
            "rpa_db: a channel for notifications needs a name");
  EXPECT_EQ(refused([&] {
              db.listen({std::string{"a\0b", 3}});
            }),
            "rpa_db: the channel's name contains a NUL character");
  EXPECT_EQ(refused([&] { db.wait_for_notification(std::string(64, 'c'), 1s); }),
            "rpa_db: the channel's name has 64 bytes; the server takes 63");
  EXPECT_EQ(refused([&] { db.notify("c\xFF"); }), "rpa_db: the channel's name is not UTF-8");
  EXPECT_EQ(refused([&] { db.notify("c", std::string(8000, 'p')); }),
            "rpa_db: the payload of a notification has 8000 bytes; the server takes 7999. Store it "
            "in a table and notify its key");
  auto listener = db.listen({std::string(63, 'c')});
  EXPECT_EQ(refused([&] { listener.wait(-1ms); }),
            "the timeout of a wait for notifications must not be negative, got -1 ms");
  EXPECT_EQ(db.calls().size(), 0U);
}

}  // namespace
}  // namespace flowdb::testing
