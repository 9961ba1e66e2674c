// A flow that is asked to end while it works.
#include <csignal>
#include <string>

#include <gtest/gtest.h>

#include "integration/shutdown_process.hpp"
#include "integration/stopwatch.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

class Shutdown : public testing::Test {
 protected:
  Shutdown() { database_.exec("CREATE TABLE done (id int)"); }

  bool is_at_work() {
    return wait_until([&] {
      return database_.scalar(
                 "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
                 " AND state = 'active' AND datname = current_database()") == "2";
    });
  }
  bool is_disconnected() {
    return database_.scalar(
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
               " AND pid <> pg_backend_pid()") == "0";
  }
  bool comes_to_be_disconnected() {
    return wait_until([&] { return is_disconnected(); });
  }

  test_support::TestDatabase database_;
};

TEST_F(Shutdown, LetsCallsFinish) {
  ShutdownProcess flow{database_.url(), 1, 60'000};
  ASSERT_TRUE(is_at_work());
  flow.signal(SIGTERM);
  EXPECT_EQ(flow.wait(), 0);
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM done"), "2");
  EXPECT_TRUE(comes_to_be_disconnected());
}

TEST_F(Shutdown, SaysHowManyCallsWereCutShort_WhenItsTimeIsUp) {
  ShutdownProcess flow{database_.url(), 4, 50};
  ASSERT_TRUE(is_at_work());
  flow.signal(SIGINT);
  EXPECT_EQ(flow.wait(), 2);
  EXPECT_TRUE(comes_to_be_disconnected());
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM done"), "0");
}

TEST_F(Shutdown, IsForced_ByASecondSignal) {
  ShutdownProcess flow{database_.url(), 4, 60'000};
  ASSERT_TRUE(is_at_work());
  flow.signal(SIGTERM);
  EXPECT_TRUE(wait_until([&] {
    flow.signal(SIGTERM);
    return is_disconnected();
  }));
  EXPECT_EQ(flow.wait(), 128 + SIGTERM);
}

}  // namespace
}  // namespace flowdb::test
