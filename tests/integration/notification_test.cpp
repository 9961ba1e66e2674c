// LISTEN and NOTIFY.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/shutdown_signal.hpp>

#include "integration/canary_watch.hpp"
#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/observer.hpp"
#include "support/pgbouncer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/test_server.hpp"
#include "support/thread_sanitizer.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Observer;
using test_support::wait_until;
using testing::HasSubstr;

class NotificationOnServer : public testing::Test {
 protected:
  /// Somebody else, in a session of his own.
  void notify(const std::string& channel, const std::string& payload) {
    database_.exec("SELECT pg_notify('" + channel + "', '" + payload + "')");
  }
  int connections() {
    return std::stoi(
        database_.scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                         " AND pid <> pg_backend_pid()"));
  }
  void end_sessions() {
    database_.exec(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()");
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_);
};

TEST_F(NotificationOnServer, ComesWithTheCommit_AndNotBefore) {
  auto listener = db_.listen({"ready"});
  database_.exec("BEGIN; NOTIFY ready, 'first'");
  EXPECT_FALSE(listener.wait(50ms));
  database_.exec("COMMIT");
  const auto notification = listener.wait(10s);
  ASSERT_TRUE(notification);
  EXPECT_EQ(notification->kind, Notification::Kind::message);
  EXPECT_EQ(notification->channel, "ready");
  EXPECT_EQ(notification->payload, "first");
  EXPECT_EQ(std::to_string(notification->server_process),
            database_.scalar("SELECT pg_backend_pid()"));
  database_.exec("BEGIN; NOTIFY ready, 'taken back'; ROLLBACK; NOTIFY ready, 'second'");
  EXPECT_EQ(listener.wait(10s)->payload, "second");
  EXPECT_FALSE(listener.wait(0ms));
}

TEST_F(NotificationOnServer, IsKeptBetweenTwoWaits) {
  auto listener = db_.listen({"ready"});
  EXPECT_FALSE(listener.wait(0ms));
  for (int i = 0; i < 500; ++i) notify("ready", std::to_string(i));
  for (int i = 0; i < 500; ++i) {
    const auto notification = listener.wait(10s);
    ASSERT_TRUE(notification);
    ASSERT_EQ(notification->payload, std::to_string(i));
  }
  EXPECT_TRUE(db_.wait_for_notification("other", 10s)->is_gap()) << "from here on none is missed";
  notify("other", "x");
  db_.execute_query("SELECT 1");
  EXPECT_EQ(db_.wait_for_notification("other", 10s)->payload, "x");
}

TEST_F(NotificationOnServer, GoesToTheChannelThatIsNamed_LetterByLetter) {
  const std::string longest(63, 'x');
  const std::vector<std::string> channels{"ready", "Ready", "re\"a'dy; --", "fertig äöü€", longest};
  auto all = db_.listen(channels);
  auto one = db_.listen({"Ready"});
  for (const auto& channel : channels) db_.notify(channel, channel);
  for (const auto& channel : channels) {
    const auto notification = all.wait(10s);
    ASSERT_TRUE(notification);
    EXPECT_EQ(notification->channel, channel);
    EXPECT_EQ(notification->payload, channel);
  }
  EXPECT_EQ(one.wait(10s)->payload, "Ready");
  EXPECT_FALSE(one.wait(0ms));
}

TEST_F(NotificationOnServer, CarriesAnyTextOfUpTo7999Bytes) {
  auto listener = db_.listen({"ready"});
  std::string longest = "Grüße, '\\\" \n€ 🎉";
  longest.resize(7999, '.');
  db_.notify("ready", longest);
  db_.notify("ready");
  EXPECT_EQ(listener.wait(10s)->payload, longest);
  EXPECT_EQ(listener.wait(10s)->payload, "");
}

TEST_F(NotificationOnServer, IsSeenByEveryThread_OverOneConnectionBesideThePool) {
  constexpr int kThreads = 4;
  std::atomic<int> listening{0};
  std::atomic<int> seen{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      EXPECT_TRUE(db_.wait_for_notification("ready", 10s)->is_gap());
      ++listening;
      for (const std::string payload : {"1", "2", "3"}) {
        const auto notification = db_.wait_for_notification("ready", 10s);
        seen += notification && notification->payload == payload ? 1 : 0;
      }
    });
  }
  ASSERT_TRUE(wait_until([&] { return listening == kThreads; }));
  auto listener = db_.listen({"ready"});
  EXPECT_EQ(connections(), 1);
  EXPECT_EQ(db_.get_pool_status().total_connections, 0U);
  for (const std::string payload : {"1", "2", "3"}) notify("ready", payload);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen, 3 * kThreads);
  EXPECT_EQ(listener.wait(10s)->payload, "1");
}

TEST_F(NotificationOnServer, GivesEachToOne_OfTheThreadsThatWaitAtOneListener) {
  auto listener = db_.listen({"ready"});
  std::atomic<int> seen{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (seen < 100 && listener.wait(200ms)) ++seen;
    });
  }
  for (int i = 0; i < 100; ++i) notify("ready", std::to_string(i));
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen, 100);
}

TEST_F(NotificationOnServer, TellsOfAGap_WhenItsSessionWasEnded) {
  LogCapture log;
  auto listener = db_.listen({"ready"});
  for (int i = 0; i < 3; ++i) {
    end_sessions();
    EXPECT_TRUE(listener.wait(10s)->is_gap());
    notify("ready", "again");
    EXPECT_EQ(listener.wait(10s)->payload, "again");
  }
  EXPECT_EQ(log.with("warning database=flow_db listening lost").size(), 3U);
  EXPECT_EQ(log.with("info database=flow_db listening again").size(), 3U);
}

TEST_F(NotificationOnServer, EndsItsConnection_WithTheListenerAndTheManager) {
  {
    auto listener = db_.listen({"ready"});
    EXPECT_EQ(connections(), 1);
  }
  EXPECT_TRUE(wait_until([&] { return connections() == 0; }));
  auto listener = db_.listen({"ready"});
  {
    auto other = manager_for(database_);
    EXPECT_TRUE(other.wait_for_notification("other", 10s)->is_gap());
    EXPECT_EQ(connections(), 1) << "managers of one database share it";
  }
  db_.dispose();
  EXPECT_TRUE(wait_until([&] { return connections() == 0; }));
  EXPECT_TRUE(listener.wait(10s)->is_gap());
  { const auto ended = std::move(db_); }
  notify("ready", "still");
  EXPECT_EQ(listener.wait(10s)->payload, "still") << "it outlives the manager";
}

TEST_F(NotificationOnServer, LetsThreadsGo_WhenTheManagerEnds) {
  EXPECT_TRUE(db_.wait_for_notification("ready", 10s)->is_gap());
  { const auto ended = std::move(db_); }
  EXPECT_TRUE(wait_until([&] { return connections() == 0; }));
}

TEST_F(NotificationOnServer, IsRefusedThroughAPooler_WithARemedy) {
  const test_support::Pgbouncer pooler{database_.url(), "transaction", 2};
  auto db = manager_for(pooler.url());
  const auto error = thrown_by<ConfigurationError>([&] { db.listen({"ready"}); });
  EXPECT_THAT(error.what(), HasSubstr("stands a pooler"));
  EXPECT_THAT(error.what(), HasSubstr("connection string leads to the server itself"));
  EXPECT_THROW(db.wait_for_notification("ready", 10s), ConfigurationError);
}

TEST_F(NotificationOnServer, ShowsNoSecret) {
  CanaryWatch watch;
  auto db = manager_for(database_.url("nobody", "canary-password"));
  watch.fails([&] { db.listen({"ready"}); });
  watch.fails([&] { db.wait_for_notification("ready", 10s); });
  watch.fails([&] { db_.notify("ready", "canary-payload" + std::string(8000, 'x')); });
  auto listener = db_.listen({"ready"});
  db_.notify("ready", "canary-payload");
  listener.wait(10s);
  EXPECT_EQ(watch.leaks({"canary"}), std::vector<std::string>{});
}

TEST_F(NotificationOnServer, EndsAWait_WhenShutdownIsRequested) {
  auto listener = db_.listen({"ready"});
  const ShutdownSignal shutdown;
  std::thread other{[&] {
    EXPECT_TRUE(db_.wait_for_notification("ready", 10s, shutdown)->is_gap());
    EXPECT_FALSE(db_.wait_for_notification("ready", 1h, shutdown));
  }};
  std::thread signal{[] {
    std::this_thread::sleep_for(20ms);
    kill(getpid(), SIGTERM);
  }};
  const Stopwatch stopwatch;
  EXPECT_FALSE(listener.wait(1h, shutdown));
  other.join();
  signal.join();
  EXPECT_LT(stopwatch.elapsed(), 10s);
}

TEST_F(NotificationOnServer, LeavesTheConnectionToTheParent_InAChild) {
  auto listener = std::make_unique<NotificationListener>(db_.listen({"ready"}));
  EXPECT_TRUE(db_.wait_for_notification("ready", 10s)->is_gap());
  const auto is_refused = [](const auto& use) {
    try {
      use();
      return false;
    } catch (const InvalidArgument& error) {
      return std::string{error.what()}.find("fork()") != std::string::npos;
    }
  };
  const auto use = [&] {
    if (!is_refused([&] { listener->wait(10s); })) return 1;
    if (!is_refused([&] { db_.wait_for_notification("ready", 10s); })) return 2;
    if (!is_refused([&] { db_.listen({"ready"}); })) return 3;
    listener.reset();
    if (!test_support::can_children_work) return 0;
    auto own = manager_for(database_);
    auto own_listener = own.listen({"child"});
    own.notify("child", "x");
    return own_listener.wait(10s)->payload == "x" ? 0 : 4;
  };
  const pid_t child = fork();
  if (child == 0) std::_Exit(use());
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  notify("ready", "unharmed");
  EXPECT_EQ(listener->wait(10s)->payload, "unharmed");
  EXPECT_EQ(db_.wait_for_notification("ready", 10s)->payload, "unharmed");
}

TEST(NotificationOnCluster, ListensAgain_WhenTheServerIsBack_AndSaysSo) {
  test_support::PostgresCluster cluster;
  auto db = manager_for(cluster.url());
  auto listener = db.listen({"ready"});
  cluster.kill();
  const auto error = thrown_by<ConnectionError>([&] { listener.wait(300ms); });
  EXPECT_TRUE(error.is_transient());
  EXPECT_FALSE(listener.is_listening());
  cluster.restart();
  EXPECT_TRUE(listener.wait(20s)->is_gap());
  db.notify("ready", "back");
  EXPECT_EQ(listener.wait(10s)->payload, "back");
  cluster.stop();
  cluster.restart();
  EXPECT_TRUE(listener.wait(20s)->is_gap());

  const test_support::PostgresCluster standby{cluster, test_support::Replication::asynchronous};
  auto of_standby = manager_for(standby.url(), {.timeout = 3s});
  EXPECT_THAT(thrown_by<ConnectionError>([&] { of_standby.listen({"ready"}); }).what(),
              HasSubstr("Nobody can listen at a standby"));
}

}  // namespace
}  // namespace flowdb::test
