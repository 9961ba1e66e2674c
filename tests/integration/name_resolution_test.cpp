// Hosts that are given by name, and name servers that do not answer.
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/name_server.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/connection_url.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;
using testing::HasSubstr;

class NameResolutionTiming : public testing::Test {
 protected:
  static constexpr std::chrono::milliseconds timeout_{400};

  std::string url(const std::string& host) const {
    return test_support::with_settings(proxy_.url(), {{"host", host}, {"hostaddr", ""}});
  }
  static DatabaseOptions pool_of(int size, int overflow) {
    DatabaseOptions options;
    options.pool_size = size;
    options.max_overflow = overflow;
    options.timeout = timeout_;
    return options;
  }
  /// `count` connections can be had at once.
  static bool is_whole(DatabaseManager& db, int count) {
    std::atomic<int> answers{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < count; ++caller) {
      callers.emplace_back([&] {
        try {
          answers += db.execute_query("SELECT 1 FROM pg_sleep(0.05)").scalar<int>();
        } catch (const Error&) {
        }
      });
    }
    for (auto& caller : callers) caller.join();
    return answers == count;
  }

  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
};

TEST_F(NameResolutionTiming, EndsInTimeAndRecovers_WhenNoNameServerAnswers) {
  for (const int connections : {1, 5}) {
    NameServer names{{"127.0.0.1"}};
    auto db = manager_for(url("db.flowdb.test"), pool_of(1, connections - 1));
    names.die();
    for (int call = 0; call < 3; ++call) {
      const Stopwatch stopwatch;
      const auto error = thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1"); });
      EXPECT_LE(stopwatch.elapsed(), timeout_ + grace);
      EXPECT_TRUE(error.is_transient());
    }
    EXPECT_LE(NameServer::waiting(), 8);
    const Stopwatch stopwatch;
    names.heal();  // who has asked before is never answered
    EXPECT_TRUE(wait_until([&] { return is_whole(db, connections); }, 2s));
    EXPECT_LE(stopwatch.elapsed(), 2s + timeout_ + grace);
  }
}

TEST_F(NameResolutionTiming, HoldsNoMoreThreadsThanEight_HoweverLongItLasts) {
  NameServer names{{"127.0.0.1"}};
  names.die();
  auto db = manager_for(url("db.flowdb.test"), pool_of(5, 10));
  int most = 0;
  const Stopwatch stopwatch;
  while (stopwatch.elapsed() < 7s) {
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 10; ++caller) {
      callers.emplace_back(
          [&] { thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1"); }); });
    }
    for (auto& caller : callers) caller.join();
    most = std::max(most, NameServer::waiting());
  }
  EXPECT_GE(most, 3);
  EXPECT_LE(most, 8);
  EXPECT_TRUE(db.get_pool_status().is_circuit_open) << "such openings count as failures after 5 s";
}

TEST_F(NameResolutionTiming, TriesEveryAddressOfAName) {
  const NameServer names{{"127.0.0.9", "127.0.0.1"}};
  auto db = manager_for(url("db.flowdb.test"), one_connection());
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST_F(NameResolutionTiming, GoesOnToTheNextHost_WhenANameIsNotKnown) {
  auto parts = test_support::parse_connection_url(proxy_.url());
  const auto hosts = "nowhere.flowdb.test,127.0.0.1";
  const NameServer names{{}};
  auto db = manager_for(url(hosts), one_connection());
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
  auto lost = manager_for(url("nowhere.flowdb.test"), one_connection());
  const auto error = thrown_by<ConnectionError>([&] { lost.execute_query("SELECT 1"); });
  EXPECT_THAT(error.what(),
              HasSubstr("flow_db: connecting to the server failed: could not translate "
                        "host name \"nowhere.flowdb.test\": Name or service not "
                        "known"));
}

}  // namespace
}  // namespace flowdb::test
