#include <random>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/types.hpp>

#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::message_of;
using namespace std::chrono_literals;

std::int64_t days_of(std::string_view text) {
  return Date::parse(text).to_sys_days().time_since_epoch().count();
}

TEST(Date, CountsDays_AsPostgresqlDoes) {
  // The right side is what PostgreSQL's `date '…' - date '1970-01-01'` gives.
  EXPECT_EQ(days_of("1970-01-01"), 0);
  EXPECT_EQ(days_of("2024-02-29"), 19'782);
  EXPECT_EQ(days_of("2000-02-29"), 11'016);
  EXPECT_EQ(days_of("1969-12-31"), -1);
  EXPECT_EQ(days_of("0001-01-01"), -719'162);
  EXPECT_EQ(days_of("0001-12-31 BC"), -719'163);
  EXPECT_EQ(days_of("9999-12-31"), 2'932'896);
  EXPECT_EQ(days_of("4714-11-24 BC"), -2'440'588);
  EXPECT_EQ(days_of("5874897-12-31"), 2'145'042'905);
}

TEST(Date, ParsesWhatItWrote) {
  std::mt19937_64 random{1};
  for (int round = 0; round < 20'000; ++round) {
    const auto days = static_cast<std::int64_t>(random() % 2'147'483'494) - 2'440'588;
    const Date day{std::chrono::sys_days{std::chrono::days{days}}};
    EXPECT_EQ(Date::parse(day.to_string()), day) << day.to_string();
  }
  for (const std::string text : {"0001-01-01", "0044-03-15 BC", "9999-12-31", "12024-06-30",
                                 "5874897-12-31", "infinity", "-infinity"}) {
    EXPECT_EQ(Date::parse(text).to_string(), text);
  }
  EXPECT_EQ((Date{2024y / 2 / 29}).to_string(), "2024-02-29");
  EXPECT_EQ(Date::parse("2024-02-29").to_year_month_day(), 2024y / 2 / 29);
}

TEST(Date, RefusesWhatIsNoDay_WithoutRepeatingIt) {
  for (const std::string text : {"",
                                 "2024-02-30",
                                 "2023-02-29",
                                 "1900-02-29",
                                 "2024-13-01",
                                 "2024-00-10",
                                 "2024-01-00",
                                 "2024-04-31",
                                 "0000-01-01",
                                 "0000-01-01 BC",
                                 "24-01-01",
                                 "2024-1-1",
                                 "2024/01/01",
                                 "20240115",
                                 "2024-01-15 ",
                                 " 2024-01-15",
                                 "2024-01-15 AD",
                                 "2024-01-15 bc",
                                 "2024-01-15x",
                                 "-2024-01-15",
                                 "+2024-01-15",
                                 "2024-01-151",
                                 "1234567890-01-01",
                                 "Infinity",
                                 "tomorrow"}) {
    EXPECT_EQ(message_of([&] { Date::parse(text); }),
              "the text is not a date of the calendar: expected the form 2024-01-15, 0044-03-15 "
              "BC, infinity or -infinity")
        << text;
  }
  EXPECT_EQ(message_of([] { Date{2023y / 2 / 29}; }),
            "the calendar has no such day: check year_month_day::ok() first");
}

TEST(Date, SaysSo_WhenTheStandardCalendarCannotHoldIt) {
  EXPECT_EQ(message_of([] { Date::infinity().to_sys_days(); }),
            "an infinite date is no day of the calendar: ask is_finite() first");
  EXPECT_EQ(message_of([] { Date::parse("32768-01-01").to_year_month_day(); }),
            "the date is beyond the years of std::chrono::year, -32767 to 32767: use "
            "to_sys_days()");
  EXPECT_EQ(Date::parse("32767-12-31").to_year_month_day(), 32767y / 12 / 31);
  EXPECT_LT(Date::negative_infinity(), Date::parse("4714-11-24 BC"));
  EXPECT_LT(Date::parse("5874897-12-31"), Date::infinity());
}

TEST(Date, WritesEveryDayThatItCanHold) {
  const Date last{
      std::chrono::sys_days{std::chrono::days{std::numeric_limits<std::int64_t>::max() - 1}}};
  const Date first{
      std::chrono::sys_days{std::chrono::days{std::numeric_limits<std::int64_t>::min() + 1}}};
  EXPECT_EQ(last.to_string(), "25252734927768524-07-26");
  EXPECT_EQ(first.to_string(), "25252734927764586-06-08 BC");
}

}  // namespace
}  // namespace flowdb
