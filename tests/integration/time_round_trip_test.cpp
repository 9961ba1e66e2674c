#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "integration/round_trip.hpp"

namespace flowdb::test {
namespace {

class TimeRoundTrip : public RoundTrip {};

TEST_F(TimeRoundTrip, DatesReachFromYear1ToYear9999AndBeyond) {
  std::vector<Sample<Date>> samples{{Date::infinity(), "infinity"},
                                    {Date::negative_infinity(), "-infinity"}};
  for (const std::string text : {"0001-01-01", "9999-12-31", "2024-02-29", "1582-10-10",
                                 "1969-12-31", "0044-03-15 BC", "5874897-12-31"}) {
    samples.push_back({Date::parse(text), text});
  }
  expect_exact("date", samples);
}

TEST_F(TimeRoundTrip, TimesKeepMicroseconds) {
  std::vector<Sample<TimeOfDay>> samples;
  for (const std::string text :
       {"00:00:00", "00:00:00.000001", "10:30:00.5", "23:59:59.999999", "24:00:00"}) {
    samples.push_back({TimeOfDay::parse(text), text});
  }
  expect_exact("time", samples);
}

const char* const moments[] = {"0001-01-01 00:00:00",        "9999-12-31 23:59:59.999999",
                               "1969-12-31 23:59:59.999999", "1970-01-01 00:00:00",
                               "2024-02-29 12:34:56.123456", "2024-03-31 02:30:00.1"};

TEST_F(TimeRoundTrip, TimestampsKeepMicroseconds) {
  std::vector<Sample<Timestamp>> samples{{Timestamp::infinity(), "infinity"},
                                         {Timestamp::negative_infinity(), "-infinity"}};
  for (const std::string text : moments) {
    samples.push_back({Timestamp::parse(text), text});
  }
  expect_exact("timestamp", samples);
}

TEST_F(TimeRoundTrip, InstantsKeepMicroseconds_WhateverZoneTheyAreWrittenIn) {
  std::vector<Sample<TimestampTz>> samples{
      {TimestampTz::infinity(), "infinity"},
      {TimestampTz::negative_infinity(), "-infinity"},
      {TimestampTz::parse("2024-02-29 23:15:00.000001-05:30"), "2024-03-01 04:45:00.000001+00"},
      {TimestampTz::parse("2024-01-01T00:00:00+14:00"), "2023-12-31 10:00:00+00"}};
  for (const std::string text : moments) {
    samples.push_back({TimestampTz::parse(text + "Z"), text + "+00"});
  }
  expect_exact("timestamptz", samples);
}

TEST_F(TimeRoundTrip, TheSystemClocksTimeIsTheServersInstant) {
  using namespace std::chrono_literals;
  const std::chrono::system_clock::time_point time{1700000000s + 123456us};
  expect_exact<std::chrono::system_clock::time_point>("timestamptz",
                                                      {{time, "2023-11-14 22:13:20.123456+00"}});
}

TEST_F(TimeRoundTrip, InstantsReadTheSame_WhateverZoneTheServerWroteThemIn) {
  const auto row = db_.execute_query(
      "SELECT timestamptz '2024-07-01 12:00 America/New_York' AS summer,"
      " timestamptz '1900-01-01 00:00 Asia/Kolkata' AS odd_offset")[0];
  EXPECT_EQ(row["summer"].as<TimestampTz>(), TimestampTz::parse("2024-07-01 16:00:00Z"));
  EXPECT_EQ(row["odd_offset"].as<TimestampTz>(), TimestampTz::parse("1899-12-31 18:38:50Z"));
  // Within a transaction a session may change its zone; what is read must not depend on it.
  db_.transaction([](Transaction& tx) {
    tx.execute_query("SET LOCAL TimeZone = 'Asia/Kolkata'");
    const auto rows = tx.execute_query("SELECT timestamptz '2024-07-01 16:00:00Z'");
    EXPECT_EQ(rows.scalar<TimestampTz>(), TimestampTz::parse("2024-07-01 16:00:00Z"));
  });
}

}  // namespace
}  // namespace flowdb::test
