// What is said of those who hold connections.
#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <flowdb/error.hpp>
#include <flowdb/run_context.hpp>
#include <flowdb/soci.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;
using testing::HasSubstr;
using testing::Not;

class PoolHolders : public testing::Test {
 protected:
  static DatabaseOptions impatient(std::chrono::milliseconds timeout) {
    auto options = one_connection();
    options.acquire_timeout = timeout;
    return options;
  }
  static bool has_connected(DatabaseManager& db) {
    try {
      return db.execute_query("SELECT 1").scalar<int>() == 1;
    } catch (const ConnectionError&) {
      return false;  // it takes longer than the caller waits
    }
  }
  static std::string this_file(int line) {
    return "integration/pool_holders_test.cpp:" + std::to_string(line);
  }

  test_support::TestDatabase database_;
};

TEST_F(PoolHolders, AreNamedWithCallSiteContextThreadAndStatement_ToWhoFindsNothingFree) {
  auto db = manager_for(database_, impatient(50ms));
  ASSERT_TRUE(wait_until([&] { return has_connected(db); }));
  const RunContext run{{.flow = "rpa1", .task = "load", .run_id = "r-1"}};
  db.transaction([&](Transaction& tx) {
    const int line = __LINE__ - 1;
    tx.execute_query("SELECT 'secret-value', :v::int", {{"v", 4711}});
    std::thread{[&] {
      const auto error = thrown_by<PoolTimeoutError>([&] { db.execute_query("SELECT 2"); });
      EXPECT_THAT(error.what(),
                  HasSubstr("Held by: transaction at " + this_file(line) + " in rpa1/load"));
      EXPECT_THAT(error.what(), Not(HasSubstr("secret-value")));
      EXPECT_THAT(error.what(), Not(HasSubstr("4711")));
      const auto report = error.exhaustion().to_json();
      const auto& holder = report["holders"][0];
      EXPECT_EQ(holder["operation"], "transaction");
      EXPECT_EQ(holder["call_site"], this_file(line));
      EXPECT_EQ(holder["thread"], getpid()) << "the test's main thread";
      EXPECT_EQ(holder["is_running"], false);
      EXPECT_EQ(holder["statement"], "SELECT ?, :v::int");
      EXPECT_GE(report["waited_ms"], 50);
      EXPECT_EQ(report["waiting"], 1);
      EXPECT_EQ(report["max_connections"], 1);
    }}.join();
  });
  const auto status = db.get_pool_status(PoolDetail::holders).to_json();
  EXPECT_EQ(status["holders"], nlohmann::json::array());
}

TEST_F(PoolHolders, AreNamedWhateverTheyDo) {
  auto db = manager_for(database_, one_connection());
  const auto holder = [&] { return db.get_pool_status(PoolDetail::holders).holders->at(0); };
  {
    auto stream = db.stream_query("SELECT generate_series(1, 100000)");
    EXPECT_EQ(holder().operation, "stream_query");
    EXPECT_EQ(holder().call_site, this_file(__LINE__ - 2));
    EXPECT_FALSE(holder().is_running);
  }
  {
    auto lease = db.lease_session();
    EXPECT_EQ(holder().operation, "lease_session");
    EXPECT_EQ(holder().call_site, this_file(__LINE__ - 2));
  }
  std::thread query{[&] { db.execute_query_with_timeout("SELECT pg_sleep(0.5)"); }};
  EXPECT_TRUE(wait_until([&] { return db.get_pool_status().checked_out == 1; }));
  EXPECT_EQ(holder().statement, "SELECT pg_sleep(?)");
  EXPECT_TRUE(holder().is_running);
  query.join();
}

TEST_F(PoolHolders, AreCalledALeakOrSlow_AsTheyAre) {
  auto db = manager_for(database_, impatient(1100ms));
  {
    auto stream = db.stream_query("SELECT generate_series(1, 100000)");
    const auto error = thrown_by<PoolTimeoutError>([&] { db.execute_query("SELECT 1"); });
    EXPECT_EQ(error.exhaustion().cause, ExhaustionCause::leak) << error.what();
  }
  std::thread query{[&] { db.execute_query("SELECT pg_sleep(3)"); }};
  EXPECT_TRUE(wait_until([&] { return db.get_pool_status().checked_out == 1; }));
  const auto error = thrown_by<PoolTimeoutError>([&] { db.execute_query("SELECT 1"); });
  EXPECT_EQ(error.exhaustion().cause, ExhaustionCause::slow_statements) << error.what();
  query.join();
}

TEST_F(PoolHolders, AreLoggedOnce_WhenTheyHoldForLongerThanTheyMay) {
  LogCapture log;
  auto options = one_connection();
  options.max_overflow = 1;
  options.leak_detection_after = 60ms;
  auto db = manager_for(database_, options);
  auto stream = db.stream_query("SELECT generate_series(1, 3)");
  const int line = __LINE__ - 1;
  EXPECT_TRUE(wait_until([&] { return log.with("held for long").size() == 1; }));
  const auto second = db.lease_session();
  EXPECT_TRUE(wait_until([&] { return log.with("held for long").size() == 2; }));
  const auto records = log.with("held for long");
  EXPECT_THAT(records[0], HasSubstr("warning database=flow_db a connection has been held for long: "
                                    "stream_query at " +
                                    this_file(line)));
  EXPECT_THAT(records[1], HasSubstr("lease_session at"));
}

}  // namespace
}  // namespace flowdb::test
