#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/periodic_reporter.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "integration/log_capture.hpp"
#include "support/wait_until.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;
using flowdb::testing::MockDatabaseManager;
using test::LogCapture;
using test_support::wait_until;

/// Keeps the reports. Thread-safe.
class Reports {
 public:
  std::function<void(const PeriodicReport&)> keep() {
    return [this](const PeriodicReport& report) {
      const std::lock_guard lock{mutex_};
      reports_.push_back(report);
    };
  }
  std::size_t count() {
    const std::lock_guard lock{mutex_};
    return reports_.size();
  }
  PeriodicReport first() {
    const std::lock_guard lock{mutex_};
    return reports_.front();
  }

 private:
  std::mutex mutex_;
  std::vector<PeriodicReport> reports_;
};

TEST(PeriodicReporter, GivesHealthAndPoolsOfAllDatabases_AgainAndAgain) {
  MockDatabaseManager orders{"orders", {.pool_size = 3}};
  MockDatabaseManager mails{"mails"};
  mails.refuse_connections(100);
  Reports reports;
  const PeriodicReporter reporter{{&orders, &mails}, {.interval = 1ms, .callback = reports.keep()}};
  ASSERT_TRUE(wait_until([&] { return reports.count() >= 3; }));
  const auto report = reports.first();
  EXPECT_EQ(report.health.status, Health::unhealthy);
  ASSERT_EQ(report.health.databases.size(), 2U);
  EXPECT_EQ(report.health.databases[0].status, Health::healthy);
  ASSERT_EQ(report.pools.size(), 2U);
  EXPECT_EQ(report.pools[0].pool_size, 3U);
  EXPECT_EQ(report.pools[1].database_name, "mails");
  const auto document = report.to_json();
  EXPECT_EQ(document["health"]["status"], "unhealthy");
  EXPECT_EQ(document["health"]["databases"][1]["database_name"], "mails");
  EXPECT_EQ(document["pools"][0]["database_name"], "orders");
  EXPECT_TRUE(document["timestamp"].get<std::string>().ends_with("Z"));
}

TEST(PeriodicReporter, WritesOneRecordOfJsonOnInfo_WithoutACallback) {
  LogCapture log;
  MockDatabaseManager db{"reported"};
  {
    const PeriodicReporter reporter{{&db}, {.interval = 24h}};
    ASSERT_TRUE(wait_until([&] { return !log.with("\"pools\"").empty(); }));
  }
  const auto records = log.with("\"pools\"");
  ASSERT_EQ(records.size(), 1U);
  ASSERT_TRUE(records[0].starts_with("info {")) << records[0];
  const auto document = nlohmann::json::parse(records[0].substr(5));
  EXPECT_EQ(document["health"]["status"], "healthy");
  EXPECT_EQ(document["pools"][0]["database_name"], "reported");
}

TEST(PeriodicReporter, GoesOnAfterACallbackThatThrew_AndSaysSoWithoutItsText) {
  LogCapture log;
  MockDatabaseManager db{"reported"};
  std::atomic<int> calls{0};
  {
    const PeriodicReporter reporter{{&db}, {.interval = 1ms, .callback = [&](const auto&) {
                                              ++calls;
                                              throw std::runtime_error{"the password is sesame"};
                                            }}};
    ASSERT_TRUE(wait_until([&] { return calls >= 3; }));
  }
  EXPECT_GE(log.with("warning a periodic report failed").size(), 3U);
  EXPECT_TRUE(log.with("sesame").empty());
}

TEST(PeriodicReporter, MayBeDestroyedByItsCallback) {
  MockDatabaseManager db{"reported"};
  std::unique_ptr<PeriodicReporter> reporter;
  std::mutex mutex;
  std::atomic<bool> is_over{false};
  {
    const std::lock_guard lock{mutex};
    reporter = std::make_unique<PeriodicReporter>(
        std::vector<DatabaseManager*>{&db},
        PeriodicReporterOptions{.interval = 1ms, .callback = [&](const auto&) {
                                  const std::lock_guard inner{mutex};
                                  reporter.reset();
                                  is_over = true;
                                }});
  }
  EXPECT_TRUE(wait_until([&] { return is_over.load(); }));
  const std::lock_guard lock{mutex};
  EXPECT_EQ(reporter, nullptr);
}

TEST(PeriodicReporter, EndsBetweenTwoDatabases_WhenItIsToEnd) {
  MockDatabaseManager silent{"silent", {.health_timeout = 300ms}};
  silent.when("SELECT 1").delayed_by(24h).affects(0);
  MockDatabaseManager never_asked{"never_asked"};
  Reports reports;
  auto reporter = std::make_unique<PeriodicReporter>(
      std::vector<DatabaseManager*>{&silent, &never_asked},
      PeriodicReporterOptions{.interval = 24h, .callback = reports.keep()});
  ASSERT_TRUE(wait_until([&] { return silent.get_pool_status().checked_out == 1; }));
  reporter.reset();
  EXPECT_EQ(never_asked.call_count("SELECT 1"), 0U);
  EXPECT_EQ(reports.count(), 0U);
}

TEST(PeriodicReporter, RefusesWhatMakesNoSense) {
  MockDatabaseManager db;
  EXPECT_THROW(PeriodicReporter({}, {}), InvalidArgument);
  EXPECT_THROW(PeriodicReporter({&db, nullptr}, {}), InvalidArgument);
  EXPECT_THROW(PeriodicReporter({&db}, {.interval = 0ms}), InvalidArgument);
}

}  // namespace
}  // namespace flowdb
