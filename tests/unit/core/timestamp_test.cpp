#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/types.hpp>

#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::message_of;
using namespace std::chrono_literals;

constexpr const char* kNotTime =
    "the text is not a time of day: expected the form 10:30:00 or 10:30:00.1234567, from 00:00:00 "
    "to 24:00:00";
constexpr const char* kNotTimestamp =
    "the text is not a timestamp of the calendar: expected the form 2024-01-15 10:30:00.5, without "
    "a zone, or infinity or -infinity";
constexpr const char* kNotTimestampTz =
    "the text is not a timestamp with a time zone: expected the form 2024-01-15 10:30:00.5+00:00 "
    "with a day of the calendar, or infinity or -infinity";

Ticks random_ticks(std::mt19937_64& random) {
  // Of every magnitude, so that the years near 1970 are met as well as the ends.
  return Ticks{static_cast<std::int64_t>(random()) >> (random() % 40)};
}

TEST(TimeOfDay, ParsesAndWrites_WithTheFractionItNeeds) {
  const std::vector<std::pair<std::string, Ticks>> cases = {
      {"00:00:00", 0s},
      {"10:30:00", 10h + 30min},
      {"10:30:00.5", 10h + 30min + 500ms},
      {"23:59:59.9999999", Ticks{863'999'999'999}},
      {"00:00:00.0000001", Ticks{1}},
      {"12:00:00.000001", 12h + 1us},
      {"24:00:00", 24h},
  };
  for (const auto& [text, ticks] : cases) {
    EXPECT_EQ(TimeOfDay::parse(text).since_midnight, ticks) << text;
    EXPECT_EQ(TimeOfDay{ticks}.to_string(), text);
  }
  EXPECT_EQ(TimeOfDay::parse("10:30:00.500000").to_string(), "10:30:00.5");
  std::mt19937_64 random{2};
  for (int round = 0; round < 5'000; ++round) {
    const TimeOfDay time{Ticks{static_cast<std::int64_t>(random() % 864'000'000'001)}};
    EXPECT_EQ(TimeOfDay::parse(time.to_string()), time);
  }
}

TEST(TimeOfDay, RefusesWhatIsNoTime) {
  for (const std::string text :
       {"", "10:30", "1:30:00", "10:30:0", "24:00:01", "24:00:00.0000001", "25:00:00", "10:60:00",
        "10:30:60", "10:30:00.", "10:30:00.12345678", "10:30:00,5", "10:30:00 ", "-1:30:00",
        "10:30:00+00", "103000"}) {
    EXPECT_EQ(message_of([&] { TimeOfDay::parse(text); }), kNotTime) << text;
  }
  for (const Ticks ticks : {Ticks{-1}, Ticks{24h} + Ticks{1}}) {
    EXPECT_EQ(message_of([&] { (void)TimeOfDay{ticks}.to_string(); }),
              "a time of day is from 00:00:00 to 24:00:00");
  }
}

TEST(Timestamp, ParsesWhatItWrote_FromEndToEnd) {
  std::mt19937_64 random{3};
  for (int round = 0; round < 20'000; ++round) {
    const Timestamp time{random_ticks(random)};
    EXPECT_EQ(Timestamp::parse(time.to_string()), time) << time.to_string();
  }
  for (const std::string text :
       {"1970-01-01 00:00:00", "2024-02-29 23:59:59.9999999", "0001-01-01 00:00:00",
        "9999-12-31 23:59:59.999999", "0044-03-15 12:00:00.5 BC", "27258-01-01 00:00:00 BC",
        "31196-12-31 23:59:59.9999999", "infinity", "-infinity"}) {
    EXPECT_EQ(Timestamp::parse(text).to_string(), text);
  }
  EXPECT_EQ(Timestamp::parse("2024-01-15T10:30:00.123456").to_string(),
            "2024-01-15 10:30:00.123456");
  EXPECT_EQ(Timestamp::parse("2023-12-31 24:00:00").to_string(), "2024-01-01 00:00:00");
}

TEST(Timestamp, SaysSo_WhenTicksCannotReachIt) {
  const Timestamp last{Ticks::max() - Ticks{1}};
  const Timestamp first{Ticks::min() + Ticks{1}};
  EXPECT_EQ(last.to_string(), "31197-09-14 02:48:05.4775806");
  EXPECT_EQ(first.to_string(), "27259-04-19 21:11:54.5224193 BC");
  EXPECT_EQ(Timestamp::parse(last.to_string()), last);
  EXPECT_EQ(Timestamp::parse(first.to_string()), first);
  for (const std::string text : {"31197-09-14 02:48:05.4775807", "27259-04-19 21:11:54.5224192 BC",
                                 "294276-12-31 23:59:59", "999999999-01-01 00:00:00 BC"}) {
    EXPECT_EQ(message_of([&] { Timestamp::parse(text); }),
              "the timestamp is beyond what flowdb::Timestamp can hold, the years 27258 BC to "
              "31196: read it as text");
  }
}

TEST(Timestamp, RefusesWhatIsNoTimestamp) {
  for (const std::string text :
       {"", "2024-01-15", "2024-01-15  10:30:00", "2024-01-15t10:30:00", "2023-02-29 10:30:00",
        "2024-01-15 10:30", "2024-01-15 25:00:00", "2024-01-15 10:30:00Z", "2024-01-15 10:30:00+00",
        "2024-01-15 10:30:00 AD", "2024-01-15 10:30:00 BC ", "2024-01-15 BC 10:30:00", "now"}) {
    EXPECT_EQ(message_of([&] { Timestamp::parse(text); }), kNotTimestamp) << text;
  }
}

TEST(Timestamp, JoinsDayAndTime) {
  EXPECT_EQ(Timestamp::from(2024y / 1 / 15, {10h + 30min}).to_string(), "2024-01-15 10:30:00");
  EXPECT_EQ(Timestamp::from(2023y / 12 / 31, {24h}), Timestamp::from(2024y / 1 / 1));
  EXPECT_EQ(Timestamp::from(Date::infinity()), Timestamp::infinity());
  EXPECT_EQ(Timestamp::from(Date::negative_infinity()), Timestamp::negative_infinity());
  EXPECT_EQ(message_of([] { Timestamp::from(2024y / 1 / 1, {25h}); }),
            "a time of day is from 00:00:00 to 24:00:00");
  EXPECT_EQ(message_of([] { Timestamp::from(Date::parse("40000-01-01")); }),
            "the timestamp is beyond what flowdb::Timestamp can hold, the years 27258 BC to 31196: "
            "read it as text");
}

TEST(TimestampTz, FindsTheInstant_WhateverTheZone) {
  const auto instant = TimestampTz::parse("2024-01-15 10:30:00.5+00");
  EXPECT_EQ(instant.since_epoch, 1'705'314'600s + 500ms);
  const std::vector<std::pair<std::string, std::chrono::minutes>> same = {
      {"2024-01-15T10:30:00.5Z", 0min},
      {"2024-01-15 16:00:00.5+05:30", 330min},
      {"2024-01-15 02:30:00.5-08", -480min},
      {"2024-01-15 16:23:28.5+05:53:28", 353min},
      {"2024-01-14 18:30:00.5-15:59:59", -959min}};
  for (const auto& [text, offset] : same) {
    const auto other = TimestampTz::parse(text);
    EXPECT_EQ(other.offset, offset) << text;
    if (offset != -959min) {
      EXPECT_EQ(other, instant) << text;
    }
  }
  EXPECT_EQ(TimestampTz::parse("2024-01-14 18:30:01-15:59:59").since_epoch, 1'705'314'600s);
  EXPECT_EQ(TimestampTz::parse("0044-03-15 10:00:00+00 BC").to_string(),
            "0044-03-15 10:00:00+00:00 BC");
}

TEST(TimestampTz, ParsesWhatItWrote_FromEndToEnd) {
  std::mt19937_64 random{4};
  for (int round = 0; round < 20'000; ++round) {
    const TimestampTz time{random_ticks(random),
                           std::chrono::minutes{static_cast<int>(random() % 1'919) - 959}};
    const auto again = TimestampTz::parse(time.to_string());
    EXPECT_EQ(again, time) << time.to_string();
    EXPECT_EQ(again.offset, time.offset);
  }
  for (const auto ticks : {Ticks::max() - Ticks{1}, Ticks::min() + Ticks{1}}) {
    for (const auto offset : {-959min, 0min, 959min}) {
      const TimestampTz time{ticks, offset};
      EXPECT_EQ(TimestampTz::parse(time.to_string()), time) << time.to_string();
    }
  }
  EXPECT_EQ(TimestampTz::parse("infinity"), TimestampTz::infinity());
  EXPECT_EQ(TimestampTz::negative_infinity().to_string(), "-infinity");
}

TEST(TimestampTz, RefusesWhatHasNoZone_AndWhatIsNoTimestamp) {
  for (const std::string text :
       {"", "2024-01-15 10:30:00", "2024-01-15 10:30:00+", "2024-01-15 10:30:00+5",
        "2024-01-15 10:30:00+0530", "2024-01-15 10:30:00+16", "2024-01-15 10:30:00+05:60",
        "2024-01-15 10:30:00+05:30:60", "2024-01-15 10:30:00z", "2024-01-15 10:30:00 UTC",
        "2024-02-30 10:30:00Z", "2024-01-15 10:30:00Z ", "2024-01-15+00"}) {
    EXPECT_EQ(message_of([&] { TimestampTz::parse(text); }), kNotTimestampTz) << text;
  }
  EXPECT_EQ(message_of([] { TimestampTz::parse("294276-12-31 23:59:59+00"); }),
            "the timestamp is beyond what flowdb::TimestampTz can hold, the years 27258 BC to "
            "31196: read it as text");
  EXPECT_EQ(message_of([] {
              (void)TimestampTz{{}, 16h}.to_string();
            }),
            "the offset of a time zone is less than 16 hours");
}

TEST(TimestampTz, MeetsTheSystemClock) {
  using Clock = std::chrono::system_clock;
  for (const Clock::time_point time : {Clock::time_point{}, Clock::time_point{-1us},
                                       Clock::time_point{1'705'314'600s + 123'456us}}) {
    EXPECT_EQ(TimestampTz::from(time).to_time_point(), time);
  }
  EXPECT_EQ(TimestampTz::from(Clock::time_point{-1ns}).since_epoch, Ticks{-1});
  EXPECT_EQ(TimestampTz::from(TimestampTz::from(Clock::time_point::max()).to_time_point()),
            TimestampTz::from(Clock::time_point::max()));
  EXPECT_EQ(message_of([] { TimestampTz::infinity().to_time_point(); }),
            "an infinite timestamp is no moment: ask is_finite() first");
  for (const std::string text :
       {"1677-01-01 00:00:00Z", "2262-12-31 00:00:00Z", "9999-12-31 00:00:00Z"}) {
    EXPECT_EQ(message_of([&] { TimestampTz::parse(text).to_time_point(); }),
              "the timestamp is beyond what std::chrono::system_clock can hold, the years 1678 to "
              "2261: use since_epoch or to_string()");
  }
}

}  // namespace
}  // namespace flowdb
