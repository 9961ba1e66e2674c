#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/any_server/any_server.hpp"
#include "integration/round_trip.hpp"

namespace flowdb::test {
namespace {

class AnyServerValues : public AnyServer {
 protected:
  /// Each sample, and NULL between them, goes to a column of `type` by a statement, a batch and in
  /// bulk, and comes back by a query and by a stream.
  template <class T>
  void expect_exact(const std::string& type, const std::vector<T>& samples) {
    const auto table = make_table("id int NOT NULL, value " + type);
    auto db = manager();
    const std::string insert = "INSERT INTO " + table + " (id, value) VALUES (:id, :value)";
    std::vector<Params> sets;
    std::vector<std::vector<Value>> rows;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto id = static_cast<int>(6 * i);
      db.execute_query(insert, {{"id", id}, {"value", samples[i]}});
      db.execute_query(insert, {{"id", id + 1}, {"value", nullptr}});
      sets.push_back({{"id", id + 2}, {"value", samples[i]}});
      sets.push_back({{"id", id + 3}, {"value", nullptr}});
      rows.push_back({id + 4, samples[i]});
      rows.push_back({id + 5, nullptr});
    }
    EXPECT_EQ(db.execute_batch(insert, sets), sets.size());
    EXPECT_EQ(db.bulk_insert(table, {"id", "value"}, rows), rows.size());

    const auto select = "SELECT id, value FROM " + table + " ORDER BY id";
    std::size_t count = 0;
    const auto check = [&](const Row& row) {
      const auto id = row["id"].as<std::size_t>();
      ASSERT_EQ(id, count++) << type;
      const auto value = row["value"].template as<std::optional<T>>();
      ASSERT_EQ(value.has_value(), id % 2 == 0) << type << ", row " << id;
      EXPECT_TRUE(!value || is_same(*value, samples[id / 6])) << type << ", row " << id;
    };
    for (const auto& row : db.execute_query(select)) check(row);
    EXPECT_EQ(count, 6 * samples.size());
    count = 0;
    for (const auto& row : db.stream_query(select)) check(row);
    EXPECT_EQ(count, 6 * samples.size());
  }
};
FLOWDB_ON_EVERY_SERVER(AnyServerValues);

TEST_P(AnyServerValues, IntegersAreExactToTheirLimits) {
  expect_exact<std::int16_t>("smallint", {0, -1, 32767, -32768});
  expect_exact<std::int32_t>("int", {0, 1, 2147483647, -2147483647 - 1});
  using Limits = std::numeric_limits<std::int64_t>;
  expect_exact<std::int64_t>("bigint", {0, -1, Limits::max(), Limits::min()});
}

TEST_P(AnyServerValues, BooleansAndDoublesAreExact) {
  expect_exact<std::int64_t>("bigint", {1});
  const auto table = make_table("id int, value " + server().types.boolean);
  auto db = manager();
  for (const bool flag : {true, false}) {
    db.execute_query("INSERT INTO " + table + " VALUES (:id, :value)",
                     {{"id", flag ? 1 : 0}, {"value", flag}});
  }
  const auto rows = db.execute_query("SELECT value FROM " + table + " ORDER BY id");
  EXPECT_FALSE(rows[0][0].as<bool>());
  EXPECT_TRUE(rows[1][0].as<bool>());

  using Limits = std::numeric_limits<double>;
  expect_exact<double>(server().types.real, {0.0, 0.1, -1.0 / 3, 1e300, Limits::max(),
                                             Limits::lowest(), Limits::min(), 123456789.125});
  if (server().has_special_doubles) {
    expect_exact<double>(server().types.real,
                         {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), -0.0});
  }
}

TEST_P(AnyServerValues, DecimalsKeepEveryDigit) {
  std::vector<Decimal> samples;
  for (const auto* text :
       {"0.0000000000", "1.5000000000", "-0.0000000001", "1234567890123456789012345678.0123456789",
        "9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999"}) {
    samples.emplace_back(text);
  }
  expect_exact(server().types.decimal, samples);
}

TEST_P(AnyServerValues, TextsKeepEveryCharacter) {
  std::string long_text;
  while (long_text.size() < 70'000) long_text += "Grüße, 世界 🚀 ";
  expect_exact<std::string>(
      server().types.text,
      {"", " ", "it's", "a\nb\r\n\tc", "ÄÖÜ ß €", "日本語", "𝒳 🚀", "'; DROP TABLE t --",
       "$1 :x ? @p", "\\ \\n {} [] \"", "trailing blanks   ", std::string(4000, 'x'),
       std::string(4001, 'y'), std::string(8001, 'z'), long_text});
}

TEST_P(AnyServerValues, BytesKeepEveryByte) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
  const std::vector<Bytes> samples{Bytes{},
                                   Bytes{std::byte{0}},
                                   all,
                                   Bytes(8000, std::byte{0xff}),
                                   Bytes(8001, std::byte{0}),
                                   Bytes(70'000, std::byte{0x5a})};
  expect_exact(server().types.bytes, samples);
}

TEST_P(AnyServerValues, DatesAndTimesAreExact) {
  const auto date = [](const char* text) { return Date::parse(text); };
  expect_exact<Date>("date", {date("0001-01-01"), date("1582-10-10"), date("1900-02-28"),
                              date("2024-02-29"), date("9999-12-31")});
  const bool fine = server().has_100_nanoseconds;
  const auto time = [](const char* text) { return TimeOfDay::parse(text); };
  expect_exact<TimeOfDay>(server().types.time,
                          {time("00:00:00"), time("09:05:07.000001"), time("12:00:00.5"),
                           time("23:59:59.999999"), time(fine ? "23:59:59.9999999" : "01:02:03")});
  const auto timestamp = [](const char* text) { return Timestamp::parse(text); };
  expect_exact<Timestamp>(
      server().types.timestamp,
      {timestamp("0001-01-01 00:00:00"), timestamp("1753-01-01 00:00:00.000001"),
       timestamp("2024-02-29 23:59:59.999999"), timestamp("9999-12-31 23:59:59.999999"),
       timestamp(fine ? "2024-01-15 10:30:00.1234567" : "2024-01-15 10:30:00.123456")});
}

TEST_P(AnyServerValues, InstantsAreExact) {
  std::vector<TimestampTz> samples;
  for (const auto* text : {"0001-01-02 00:00:00+00", "1969-12-31 23:59:59.999999+00",
                           "2024-01-15 10:30:00.123456+05:30", "2024-06-30 23:59:59-08",
                           "9999-12-30 23:59:59.999999+00"}) {
    samples.push_back(TimestampTz::parse(text));
  }
  expect_exact(server().types.timestamp_tz, samples);
}

TEST_P(AnyServerValues, UuidsAndJsonAreExact) {
  expect_exact<Uuid>(server().types.uuid, {Uuid::parse("00000000-0000-0000-0000-000000000000"),
                                           Uuid::parse("6F9619FF-8B86-D011-B42D-00C04FC964FF")});
  const auto document = nlohmann::json::parse(R"({"a": [1, null, "ü 🚀"], "b": {"c": true}})");
  const auto table = make_table("id int, value " + server().types.json);
  auto db = manager();
  db.execute_query("INSERT INTO " + table + " VALUES (1, :value)", {{"value", document}});
  const auto text = db.execute_query("SELECT value FROM " + table).scalar<std::string>();
  EXPECT_EQ(nlohmann::json::parse(text), document);
}

TEST_P(AnyServerValues, SixteenMebibytesComeBackWhole) {
  const std::size_t size = 16U << 20U;
  const auto table =
      make_table("text_value " + server().types.text + ", bytes_value " + server().types.bytes);
  std::string text(size, 'a');
  text.back() = 'b';
  Bytes bytes(size, std::byte{0xee});
  bytes.front() = std::byte{0};
  auto db = manager();
  db.execute_query("INSERT INTO " + table + " VALUES (:text, :bytes)",
                   {{"text", text}, {"bytes", bytes}});
  const auto rows = db.execute_query("SELECT text_value, bytes_value FROM " + table);
  EXPECT_TRUE(rows.one()["text_value"].as<std::string>() == text);
  EXPECT_TRUE(rows.one()["bytes_value"].as<Bytes>() == bytes);
}

}  // namespace
}  // namespace flowdb::test
