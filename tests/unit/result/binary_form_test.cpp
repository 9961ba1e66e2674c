#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "result/table.hpp"
#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::message_of;
using Type = ColumnType;

template <class Integer>
std::string network_order(Integer number) {
  const auto bits = static_cast<std::make_unsigned_t<Integer>>(number);
  std::string bytes;
  for (auto shift = 8 * sizeof(bits); shift > 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<std::uint64_t>(bits) >> (shift - 8) & 0xFFU);
  }
  return bytes;
}

std::string numeric(int weight, unsigned sign, unsigned scale, const std::vector<int>& groups) {
  std::string bytes = network_order(static_cast<std::int16_t>(groups.size())) +
                      network_order(static_cast<std::int16_t>(weight)) +
                      network_order(static_cast<std::uint16_t>(sign)) +
                      network_order(static_cast<std::uint16_t>(scale));
  for (const int group : groups) bytes += network_order(static_cast<std::int16_t>(group));
  return bytes;
}

class BinaryCell {
 public:
  BinaryCell(Type type, const std::string& bytes) {
    result::TableBuilder builder{{{"x", type}}, result::Encoding::binary};
    builder.begin_row(bytes.size());
    builder.add(bytes);
    builder.end_row();
    result_ = builder.finish(1);
  }
  template <class T>
  T as() const {
    return result_.scalar<T>();
  }
  std::string text() const { return as<std::string>(); }
  nlohmann::json json() const { return result_.to_json()[0]["x"]; }

 private:
  ResultSet result_;
};

TEST(BinaryForm, ReadsIntegersOfEachSize) {
  EXPECT_EQ(BinaryCell(Type::int16, network_order<std::int16_t>(-32768)).as<std::int16_t>(),
            -32768);
  EXPECT_EQ(BinaryCell(Type::int32, network_order<std::int32_t>(-7)).as<std::int64_t>(), -7);
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(BinaryCell(Type::int64, network_order(largest)).as<std::uint64_t>(),
            static_cast<std::uint64_t>(largest));
}

TEST(BinaryForm, RefusesWhatDoesNotFit_LikeText) {
  const BinaryCell negative{Type::int32, network_order<std::int32_t>(-1)};
  EXPECT_EQ(message_of([&] { (void)negative.as<unsigned>(); }),
            "column 'x' holds a negative value, which an unsigned integer cannot hold: read it as "
            "int");
  const BinaryCell large{Type::int32, network_order<std::int32_t>(40'000)};
  EXPECT_EQ(message_of([&] { (void)large.as<std::int16_t>(); }),
            "column 'x' holds a value too large for a 16-bit integer: read it as int");
  EXPECT_EQ(message_of([&] { (void)large.as<std::string_view>(); }),
            "column 'x' is integer, not text that std::string_view can show: read it as int");
}

TEST(BinaryForm, ReadsDecimalsDigitByDigit) {
  struct Example {
    std::string bytes;
    std::string text;
  };
  const std::vector<Example> examples = {
      {numeric(0, 0, 0, {}), "0"},
      {numeric(0, 0, 3, {}), "0.000"},
      {numeric(0, 0, 2, {12, 5000}), "12.50"},
      {numeric(1, 0x4000, 0, {1, 23}), "-10023"},
      {numeric(2, 0, 0, {1}), "100000000"},
      {numeric(-1, 0, 4, {1}), "0.0001"},
      {numeric(-3, 0x4000, 12, {7}), "-0.000000000007"},
      {numeric(0, 0, 1, {9999, 9000}), "9999.9"},
      {numeric(0, 0xC000, 0, {}), "NaN"},
      {numeric(0, 0xD000, 0, {}), "Infinity"},
      {numeric(0, 0xF000, 0, {}), "-Infinity"},
  };
  for (const auto& example : examples) {
    const BinaryCell cell{Type::decimal, example.bytes};
    EXPECT_EQ(cell.as<Decimal>().to_string(), example.text);
    EXPECT_EQ(cell.text(), example.text);
    EXPECT_EQ(cell.json(), example.text);
  }
  EXPECT_EQ(BinaryCell(Type::decimal, numeric(0, 0, 2, {7})).as<int>(), 7);
  EXPECT_THROW((void)BinaryCell(Type::decimal, numeric(0, 0, 2, {7, 5000})).as<int>(),
               InvalidArgument);
}

TEST(BinaryForm, ReadsFloatingPointNumbers_AndWritesThemAsPostgresqlDoes) {
  const auto text_of = [](double number) {
    return BinaryCell(Type::float64, network_order(std::bit_cast<std::int64_t>(number))).text();
  };
  EXPECT_EQ(text_of(0.1), "0.1");
  EXPECT_EQ(text_of(-0.0), "-0");
  EXPECT_EQ(text_of(1e14), "100000000000000");
  EXPECT_EQ(text_of(1e15), "1e+15");
  EXPECT_EQ(text_of(0.0001), "0.0001");
  EXPECT_EQ(text_of(0.00001), "1e-05");
  EXPECT_EQ(text_of(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(text_of(std::nan("")), "NaN");
  EXPECT_EQ(text_of(-std::numeric_limits<double>::infinity()), "-Infinity");
  const BinaryCell real{Type::float32, network_order(std::bit_cast<std::int32_t>(0.1F))};
  EXPECT_EQ(real.text(), "0.1");
  EXPECT_EQ(real.as<float>(), 0.1F);
  EXPECT_EQ(real.as<double>(), double{0.1F});
  EXPECT_EQ(real.json().dump(), "0.1");
}

TEST(BinaryForm, ReadsDatesAndTimes) {
  const auto day = [](std::int32_t days) { return BinaryCell(Type::date, network_order(days)); };
  EXPECT_EQ(day(0).text(), "2000-01-01");
  EXPECT_EQ(day(8780).as<Date>(), Date::parse("2024-01-15"));
  EXPECT_EQ(day(-730'120).text(), "0001-12-31 BC");
  EXPECT_EQ(day(std::numeric_limits<std::int32_t>::max()).as<Date>(), Date::infinity());
  EXPECT_EQ(day(std::numeric_limits<std::int32_t>::min()).text(), "-infinity");

  const auto moment = [](Type type, std::int64_t microseconds) {
    return BinaryCell(type, network_order(microseconds));
  };
  EXPECT_EQ(moment(Type::time, 86'400'000'000).text(), "24:00:00");
  EXPECT_EQ(moment(Type::time, 1).as<TimeOfDay>(), TimeOfDay::parse("00:00:00.000001"));
  EXPECT_EQ(moment(Type::timestamp, -1).text(), "1999-12-31 23:59:59.999999");
  EXPECT_EQ(moment(Type::timestamp, -1).as<Timestamp>(),
            Timestamp::parse("1999-12-31 23:59:59.999999"));
  EXPECT_EQ(moment(Type::timestamp_tz, 0).text(), "2000-01-01 00:00:00+00");
  EXPECT_EQ(moment(Type::timestamp_tz, 0).json(), "2000-01-01T00:00:00Z");
  EXPECT_EQ(moment(Type::timestamp_tz, 0).as<TimestampTz>(),
            TimestampTz::parse("2000-01-01 00:00:00+00"));
  EXPECT_EQ(moment(Type::timestamp, std::numeric_limits<std::int64_t>::min()).as<Timestamp>(),
            Timestamp::negative_infinity());
  EXPECT_EQ(moment(Type::timestamp, std::numeric_limits<std::int64_t>::max()).text(), "infinity");
  const auto last = moment(Type::timestamp, 9'223'371'331'199'999'999);
  EXPECT_EQ(last.text(), "294276-12-31 23:59:59.999999");
  EXPECT_THROW((void)last.as<Timestamp>(), InvalidArgument);
}

TEST(BinaryForm, ReadsWhatIsTheSameInBothForms) {
  EXPECT_TRUE(BinaryCell(Type::boolean, std::string(1, '\1')).as<bool>());
  EXPECT_EQ(BinaryCell(Type::boolean, std::string(1, '\0')).text(), "f");
  EXPECT_EQ(BinaryCell(Type::text, "text").as<std::string_view>(), "text");
  EXPECT_EQ(BinaryCell(Type::bytes, "bytes").as<Bytes>().size(), 5U);
  EXPECT_EQ(BinaryCell(Type::json, "[1]").as<nlohmann::json>(), nlohmann::json({1}));
  std::string id;
  for (char byte = 0; byte < 16; ++byte) id += byte;
  EXPECT_EQ(BinaryCell(Type::uuid, id).text(), "00010203-0405-0607-0809-0a0b0c0d0e0f");
  EXPECT_EQ(BinaryCell(Type::uuid, id).as<Uuid>(),
            Uuid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f"));
}

TEST(BinaryForm, RefusesBytesThatAreNoSuchValue) {
  for (const auto type :
       {Type::boolean, Type::int16, Type::int32, Type::int64, Type::float32, Type::float64,
        Type::decimal, Type::date, Type::time, Type::timestamp, Type::timestamp_tz, Type::uuid}) {
    EXPECT_NE(message_of([&] { (void)BinaryCell(type, "abc").text(); }).find("column 'x'"),
              std::string::npos);
  }
  EXPECT_THROW((void)BinaryCell(Type::decimal, numeric(0, 0, 0, {1}) + "x").text(),
               InvalidArgument);
  EXPECT_THROW((void)BinaryCell(Type::decimal, numeric(0, 0x1234, 0, {1})).text(), InvalidArgument);
}

}  // namespace
}  // namespace flowdb
