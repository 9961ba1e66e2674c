#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "make_result.hpp"
#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::message_of;
using test::OneCell;
using Type = ColumnType;

// A valid text and the name and remedy that messages give, for every type of column.
struct Example {
  Type type;
  std::string raw;
  std::string name;
  std::string remedy;
};
const std::vector<Example>& examples() {
  static const std::vector<Example> all = {
      {Type::boolean, "t", "boolean", "bool"},
      {Type::int16, "7", "smallint", "int"},
      {Type::int32, "7", "integer", "int"},
      {Type::int64, "7", "bigint", "std::int64_t"},
      {Type::float32, "1.5", "real", "float"},
      {Type::float64, "1.5", "double precision", "double"},
      {Type::decimal, "7.00", "numeric", "flowdb::Decimal"},
      {Type::text, "text", "text", "std::string"},
      {Type::bytes, "bytes", "binary", "flowdb::Bytes"},
      {Type::date, "2024-01-15", "date", "flowdb::Date"},
      {Type::time, "10:30:00", "time", "flowdb::TimeOfDay"},
      {Type::timestamp, "2024-01-15 10:30:00", "timestamp", "flowdb::Timestamp"},
      {Type::timestamp_tz, "2024-01-15 10:30:00+00", "timestamp with time zone",
       "flowdb::TimestampTz"},
      {Type::uuid, "0123abcd-ef45-6789-90ab-cdef00ff1080", "uuid", "flowdb::Uuid"},
      {Type::json, "[1]", "json", "flowdb::Json"},
      {Type::array, "{7}", "an array of integer", "std::vector<int>"},
      {Type::other, "1 day", "a type of the server's own", "std::string"},
  };
  return all;
}

// Reads T from a column of every type: the types in `readable` give a value, the rest the message.
template <class T>
void expect_reads(const std::set<Type>& readable, const std::string& wanted) {
  for (const auto& example : examples()) {
    const OneCell cell{example.type, example.raw, Type::int32};
    const auto message = message_of([&] { (void)cell.as<T>(); });
    const auto expected = readable.contains(example.type)
                              ? "(nothing thrown)"
                              : "column 'x' is " + example.name + ", not " + wanted +
                                    ": read it as " + example.remedy;
    EXPECT_EQ(message, expected);
    const OneCell null{example.type, std::nullopt, Type::int32};
    EXPECT_EQ(message_of([&] { (void)null.as<T>(); }),
              "column 'x' is NULL: read it as std::optional<…>");
    EXPECT_EQ(null.as<std::optional<T>>(), std::nullopt);
  }
}

TEST(Readers, ReadEachTypeOfColumn_OnlyAsTypesThatLoseNothing) {
  const std::set integral{Type::int16, Type::int32, Type::int64, Type::decimal};
  expect_reads<bool>({Type::boolean}, "a boolean");
  expect_reads<short>(integral, "an integer");
  expect_reads<int>(integral, "an integer");
  expect_reads<std::int64_t>(integral, "an integer");
  expect_reads<std::uint8_t>(integral, "an integer");
  expect_reads<std::uint64_t>(integral, "an integer");
  expect_reads<Decimal>(integral, "a decimal");
  expect_reads<float>({Type::float32, Type::float64}, "a floating-point number");
  expect_reads<double>(
      {Type::int16, Type::int32, Type::int64, Type::decimal, Type::float32, Type::float64},
      "a number");
  expect_reads<Bytes>({Type::bytes}, "binary");
  expect_reads<Date>({Type::date}, "a date");
  expect_reads<std::chrono::year_month_day>({Type::date}, "a date");
  expect_reads<TimeOfDay>({Type::time}, "a time of day");
  expect_reads<Timestamp>({Type::timestamp}, "a timestamp");
  expect_reads<TimestampTz>({Type::timestamp_tz}, "a timestamp with time zone");
  expect_reads<std::chrono::system_clock::time_point>({Type::timestamp_tz},
                                                      "a timestamp with time zone");
  expect_reads<std::vector<int>>({Type::array}, "an array");
}

TEST(Readers, ReadEveryTypeButBytesAsText) {
  for (const auto& example : examples()) {
    if (example.type != Type::bytes) {
      EXPECT_EQ(OneCell(example.type, example.raw).as<std::string>(), example.raw);
    }
  }
  EXPECT_EQ(message_of([] { OneCell(Type::bytes, "secret").as<std::string>(); }),
            "column 'x' is binary, not text: read it as flowdb::Bytes");
}

TEST(Readers, ReadUuidAndJsonFromTheirTypeAndFromText) {
  const std::string id = "0123abcd-ef45-6789-90ab-cdef00ff1080";
  EXPECT_EQ(OneCell(Type::uuid, id).as<Uuid>().to_string(), id);
  EXPECT_EQ(OneCell(Type::text, id).as<Uuid>().to_string(), id);
  EXPECT_EQ(message_of([] { OneCell(Type::text, "secret").as<Uuid>(); }),
            "column 'x': the text is not a UUID: expected the form "
            "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(message_of([] { OneCell(Type::int32, "1").as<Uuid>(); }),
            "column 'x' is integer, not a UUID: read it as int");
  EXPECT_EQ(OneCell(Type::json, "[1, 2]").as<Json>().text, "[1, 2]");
  EXPECT_EQ(OneCell(Type::text, R"({"a": null})").as<nlohmann::json>(),
            nlohmann::json({{"a", nullptr}}));
  EXPECT_EQ(OneCell(Type::json, std::nullopt).as<std::optional<nlohmann::json>>(), std::nullopt);
  EXPECT_EQ(message_of([] { OneCell(Type::text, "secret").as<nlohmann::json>(); }),
            "column 'x' holds text that is no JSON document, or one with a number beyond a "
            "double: read it as std::string");
  EXPECT_EQ(message_of([] { OneCell(Type::date, "2024-01-15").as<Json>(); }),
            "column 'x' is date, not JSON: read it as flowdb::Date");
}

TEST(Readers, ReadBooleansInEveryServersSpelling) {
  for (const char* raw : {"t", "true", "1"}) {
    EXPECT_TRUE(OneCell(Type::boolean, raw).as<bool>());
  }
  for (const char* raw : {"f", "false", "0"}) {
    EXPECT_FALSE(OneCell(Type::boolean, raw).as<bool>());
  }
  EXPECT_EQ(message_of([] { OneCell(Type::boolean, "yes").as<bool>(); }),
            "column 'x' does not hold a valid boolean");
}

template <class T>
void expect_limits(const std::string& kind) {
  using Limits = std::numeric_limits<T>;
  for (const auto type : {Type::int64, Type::decimal}) {
    const auto fits = [&](T number) {
      EXPECT_EQ(OneCell(type, std::to_string(number)).as<T>(), number);
    };
    fits(Limits::min());
    fits(Limits::max());
    const std::string remedy =
        type == Type::int64 ? ": read it as std::int64_t" : ": read it as flowdb::Decimal";
    auto above = std::to_string(Limits::max());
    ++above.back();  // no limit ends in 9
    EXPECT_EQ(message_of([&] { OneCell(type, above).as<T>(); }),
              "column 'x' holds a value too large for " + kind + remedy);
    auto below = Limits::is_signed ? std::to_string(Limits::min()) : std::string{"-1"};
    below.back() = Limits::is_signed ? static_cast<char>(below.back() + 1) : '1';
    EXPECT_EQ(
        message_of([&] { OneCell(type, below).as<T>(); }),
        Limits::is_signed
            ? "column 'x' holds a value too small for " + kind + remedy
            : "column 'x' holds a negative value, which an unsigned integer cannot hold" + remedy);
  }
}

TEST(Readers, RefuseIntegersThatDoNotFit) {
  expect_limits<std::int8_t>("an 8-bit integer");
  expect_limits<std::uint8_t>("an unsigned 8-bit integer");
  expect_limits<std::int16_t>("a 16-bit integer");
  expect_limits<std::uint16_t>("an unsigned 16-bit integer");
  expect_limits<std::int32_t>("a 32-bit integer");
  expect_limits<std::uint32_t>("an unsigned 32-bit integer");
  expect_limits<std::int64_t>("a 64-bit integer");
  expect_limits<std::uint64_t>("an unsigned 64-bit integer");
}

TEST(Readers, ReadIntegersFromDecimals_OnlyWithoutAFraction) {
  EXPECT_EQ(OneCell(Type::decimal, "-12.000").as<int>(), -12);
  EXPECT_EQ(OneCell(Type::decimal, "0.00").as<unsigned>(), 0U);
  EXPECT_EQ(message_of([] { OneCell(Type::decimal, "12.010").as<int>(); }),
            "column 'x' holds a fraction, which an integer cannot hold: read it as "
            "flowdb::Decimal");
  for (const char* raw : {"NaN", "Infinity", "-Infinity"}) {
    EXPECT_EQ(message_of([&] { OneCell(Type::decimal, raw).as<int>(); }),
              "column 'x' holds NaN or an infinity, which an integer cannot hold: read it as "
              "flowdb::Decimal");
  }
  for (const char* raw : {"", "-", "1x", "+1", " 1", "1 ", "secret"}) {
    EXPECT_EQ(message_of([&] { OneCell(Type::int32, raw).as<int>(); }),
              "column 'x' does not hold a valid integer");
  }
}

TEST(Readers, ReadNumbersAsDouble_AsLongAsItIsExact) {
  EXPECT_EQ(OneCell(Type::int64, "9007199254740992").as<double>(), 9007199254740992.0);
  EXPECT_EQ(OneCell(Type::int64, "-9007199254740992").as<double>(), -9007199254740992.0);
  for (const char* raw : {"9007199254740993", "-9007199254740993", "9223372036854775807"}) {
    EXPECT_EQ(message_of([&] { OneCell(Type::int64, raw).as<double>(); }),
              "column 'x' holds an integer beyond 2^53, which a double may not hold exactly: read "
              "it as std::int64_t");
  }
  EXPECT_EQ(OneCell(Type::decimal, "0.1").as<double>(), 0.1);
  EXPECT_TRUE(std::isnan(OneCell(Type::decimal, "NaN").as<double>()));
  EXPECT_EQ(message_of([] { OneCell(Type::decimal, "1" + std::string(400, '0')).as<double>(); }),
            "column 'x' holds a value too large for a double: read it as flowdb::Decimal");
  EXPECT_EQ(OneCell(Type::float32, "0.1").as<double>(), double{0.1F});
  EXPECT_EQ(OneCell(Type::float64, "-Infinity").as<double>(),
            -std::numeric_limits<double>::infinity());
  EXPECT_EQ(OneCell(Type::float64, "5e-324").as<double>(),
            std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(message_of([] { OneCell(Type::float64, "1.5 ").as<double>(); }),
            "column 'x' does not hold a valid floating-point number");
}

TEST(Readers, ReadDoublesAsFloat_OnlyWhenNothingIsLost) {
  EXPECT_EQ(OneCell(Type::float64, "0.5").as<float>(), 0.5F);
  EXPECT_TRUE(std::isnan(OneCell(Type::float64, "NaN").as<float>()));
  EXPECT_EQ(OneCell(Type::float64, "Infinity").as<float>(), std::numeric_limits<float>::infinity());
  for (const char* raw : {"0.1", "1e300", "1e-300", "16777217"}) {
    EXPECT_EQ(message_of([&] { OneCell(Type::float64, raw).as<float>(); }),
              "column 'x' holds a value that a float cannot hold exactly: read it as double");
  }
  EXPECT_EQ(OneCell(Type::float32, "1e-45").as<float>(), std::numeric_limits<float>::denorm_min());
}

TEST(Readers, ReadFloatingPointNumbersBitForBit) {
  std::mt19937_64 random{10};
  for (int round = 0; round < 5'000; ++round) {
    const auto bits = random();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (std::isfinite(number)) {
      std::array<char, 64> text{};
      const auto length = std::snprintf(text.data(), text.size(), "%.17g", number);
      const std::string raw(text.data(), static_cast<std::size_t>(length));
      EXPECT_EQ(OneCell(Type::float64, raw).as<double>(), number) << raw;
    }
  }
}

TEST(Readers, NameTheColumn_WhenATimestampIsBeyondItsType) {
  EXPECT_EQ(message_of([] { OneCell(Type::timestamp, "294276-12-31 23:59:59").as<Timestamp>(); }),
            "column 'x': the timestamp is beyond what flowdb::Timestamp can hold, the years 27258 "
            "BC to 31196: read it as text");
  EXPECT_EQ(OneCell(Type::timestamp, "infinity").as<Timestamp>(), Timestamp::infinity());
  EXPECT_EQ(OneCell(Type::date, "-infinity").as<Date>(), Date::negative_infinity());
}

TEST(Readers, ReadBytesAsTheyAre) {
  const std::string raw{"\x00\xFF\\x41", 6};
  const auto bytes = OneCell(Type::bytes, raw).as<Bytes>();
  ASSERT_EQ(bytes.size(), raw.size());
  EXPECT_EQ(bytes[1], std::byte{0xFF});
  EXPECT_TRUE(OneCell(Type::bytes, "").as<Bytes>().empty());
}

template <class T>
T read_array(Type element, const std::string& raw) {
  return OneCell(Type::array, raw, element).as<T>();
}

TEST(Readers, ReadArraysAsVectors) {
  EXPECT_EQ(read_array<std::vector<int>>(Type::int32, "[0:2]={1,-2,3}"), (std::vector{1, -2, 3}));
  EXPECT_TRUE(read_array<std::vector<int>>(Type::int32, "{}").empty());
  EXPECT_EQ(read_array<std::vector<bool>>(Type::boolean, "{t,f}"), (std::vector{true, false}));
  const auto texts = read_array<std::vector<std::optional<std::string>>>(
      Type::text, R"({"a b",NULL,"NULL","\"\\"})");
  EXPECT_EQ(texts, (std::vector<std::optional<std::string>>{"a b", std::nullopt, "NULL", "\"\\"}));
  const auto bytes = read_array<std::vector<Bytes>>(Type::bytes, R"({"\\x00ff","\\x"})");
  EXPECT_EQ(bytes, (std::vector<Bytes>{{std::byte{0}, std::byte{0xFF}}, {}}));
  const auto dates = read_array<std::vector<Date>>(Type::date, "{2024-01-15,infinity}");
  EXPECT_EQ(dates[1], Date::infinity());
  const auto table = read_array<std::vector<std::vector<int>>>(Type::int32, "{{1,2},{3,4}}");
  EXPECT_EQ(table, (std::vector<std::vector<int>>{{1, 2}, {3, 4}}));
}

TEST(Readers, SayWhatIsWrongWithAnArray) {
  EXPECT_EQ(message_of([] { read_array<std::vector<int>>(Type::int32, "{1,NULL}"); }),
            "column 'x' is NULL: read it as std::optional<…>");
  EXPECT_EQ(message_of([] { read_array<std::vector<int>>(Type::text, "{a}"); }),
            "column 'x' is text, not an integer: read it as std::string");
  EXPECT_EQ(message_of([] { read_array<std::vector<int>>(Type::int32, "{1"); }),
            "column 'x' does not hold a valid array");
  EXPECT_EQ(message_of([] { read_array<std::vector<Bytes>>(Type::bytes, "{00}"); }),
            "column 'x' does not hold a valid array");
  EXPECT_EQ(message_of([] { read_array<std::vector<std::string>>(Type::int32, "{{1}}"); }),
            "column 'x' is an array of more dimensions than were asked for: read it as one "
            "std::vector<…> for each dimension");
  EXPECT_EQ(message_of([] { read_array<std::vector<std::vector<int>>>(Type::int32, "{1}"); }),
            "column 'x' is an array of fewer dimensions than were asked for: read it as one "
            "std::vector<…> for each dimension");
  EXPECT_EQ(message_of([] { OneCell(Type::array, "{1}", Type::int32).as<int>(); }),
            "column 'x' is an array of integer, not an integer: read it as std::vector<int>");
}

TEST(Readers, DescribeAColumnWithoutAName) {
  const auto rows = test::make_result({{"", Type::text}}, {{"secret"}});
  EXPECT_EQ(message_of([&] { rows.scalar<int>(); }),
            "a column without a name is text, not an integer: read it as std::string");
}

}  // namespace
}  // namespace flowdb
