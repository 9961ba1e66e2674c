#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/metrics.hpp>

#include "integration/log_capture.hpp"
#include "support/metric_finder.hpp"
#include "support/wait_until.hpp"

namespace flowdb {
namespace {

using test_support::MetricFinder;

TEST(GaugeRegistration, AddsAGauge_ForAsLongAsItLives) {
  double length = 3;
  {
    GaugeRegistration first{
        "queue_length", "Jobs that wait", [&] { return length; }, {{"queue", "orders"}}};
    const GaugeRegistration second{
        "queue_length", "unused", [] { return 7.0; }, {{"queue", "mails"}}};
    const auto moved = std::move(first);
    EXPECT_EQ(MetricFinder{}.value("queue_length", {{"queue", "orders"}}), 3);
    length = 4;
    const MetricFinder found;
    EXPECT_EQ(found.value("queue_length", {{"queue", "orders"}}), 4);
    EXPECT_EQ(found.value("queue_length", {{"queue", "mails"}}), 7);
    const auto& family = found.families().back();
    EXPECT_EQ(family.help, "Jobs that wait");
    EXPECT_EQ(family.metrics.size(), 2U);
    EXPECT_THROW(GaugeRegistration("queue_length", "", [] { return 0.0; }, {{"queue", "mails"}}),
                 InvalidArgument);
  }
  EXPECT_TRUE(MetricFinder{}.all("queue_length").empty());
}

TEST(GaugeRegistration, LeavesOutOneThatThrows_AndSaysSo) {
  test::LogCapture log;
  const GaugeRegistration bad{
      "bad_gauge", "", []() -> double { throw std::runtime_error{"the password is sesame"}; }};
  const GaugeRegistration good{"good_gauge", "", [] { return 1.0; }};
  const MetricFinder found;
  EXPECT_TRUE(found.all("bad_gauge").empty());
  EXPECT_EQ(found.value("good_gauge"), 1);
  ASSERT_EQ(log.with("bad_gauge").size(), 1U);
  EXPECT_TRUE(log.with("sesame").empty());
}

TEST(GaugeRegistration, EndsOnlyWhenNobodyReadsIt) {
  std::promise<void> entered;
  std::promise<void> may_leave;
  std::atomic<bool> has_ended{false};
  std::optional<GaugeRegistration> gauge{std::in_place, "slow_gauge", "", [&] {
                                           entered.set_value();
                                           may_leave.get_future().wait();
                                           EXPECT_FALSE(has_ended);
                                           return 1.0;
                                         }};
  std::thread collecting{[] { collect_metrics(); }};
  entered.get_future().wait();
  std::thread ending{[&] {
    gauge.reset();
    has_ended = true;
  }};
  EXPECT_FALSE(
      test_support::wait_until([&] { return has_ended.load(); }, std::chrono::milliseconds{20}));
  may_leave.set_value();
  collecting.join();
  ending.join();
  EXPECT_TRUE(has_ended);
}

TEST(GaugeRegistration, RefusesWhatPrometheusWouldNotRead) {
  const auto refused = [](const std::string& name, std::vector<MetricLabel> labels = {}) {
    try {
      const GaugeRegistration gauge{name, "", [] { return 0.0; }, std::move(labels)};
    } catch (const InvalidArgument&) {
      return true;
    }
    return false;
  };
  for (const std::string name : {"", "1st", "with space", "with-dash", "ü", "flowdb_mine",
                                 "process_mine", "db_client_mine"}) {
    EXPECT_TRUE(refused(name)) << name;
  }
  EXPECT_FALSE(refused("rpa:queue_2"));
  for (const std::string label : {"", "1st", "a:b", "__name", "é"}) {
    EXPECT_TRUE(refused("fine", {{label, "x"}})) << label;
  }
  EXPECT_TRUE(refused("fine", {{"a", "1"}, {"b", "2"}, {"a", "3"}}));
  EXPECT_TRUE(refused("fine", {{"a", "\xff"}}));
  EXPECT_FALSE(refused("fine", {{"a", "any \"text\"\n\\ ü"}}));
  EXPECT_THROW(GaugeRegistration("fine", "", nullptr), InvalidArgument);
}

}  // namespace
}  // namespace flowdb
