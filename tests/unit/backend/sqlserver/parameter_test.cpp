#include "backend/sqlserver/parameter.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flowdb::backend::sqlserver {
namespace {

std::string refusal(const Value& value) {
  try {
    Parameter{}.assign(value, DriverFamily::freetds);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return {};
}

TEST(SqlserverParameter, WhatTheServerHasNoTypeForIsRefused_WithoutTheValue) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal(std::numeric_limits<double>::quiet_NaN()), HasSubstr("FLOAT"));
  EXPECT_THAT(refusal(std::numeric_limits<double>::infinity()), HasSubstr("FLOAT"));
  EXPECT_THAT(refusal(Decimal{"NaN"}), HasSubstr("DECIMAL"));
  EXPECT_THAT(refusal(Decimal{"123456789012345678901234567890123456789"}), HasSubstr("39 digits"));
  EXPECT_THAT(refusal(Decimal{"0.123456789012345678901234567890123456789"}),
              HasSubstr("39 digits"));
  EXPECT_THAT(refusal(Date::infinity()), HasSubstr("years 1 to 9999"));
  EXPECT_THAT(refusal(Date::parse("10000-01-01")), HasSubstr("years 1 to 9999"));
  EXPECT_THAT(refusal(Date::parse("0001-12-31 BC")), HasSubstr("years 1 to 9999"));
  EXPECT_THAT(refusal(Timestamp::negative_infinity()), HasSubstr("years 1 to 9999"));
  EXPECT_THAT(refusal(TimestampTz::parse("9999-12-31 23:30:00-01")), HasSubstr("years 1 to 9999"));
  EXPECT_THAT(refusal(std::vector<int>{1}), HasSubstr("IN (:name)"));
  EXPECT_THAT(refusal("Gr\xfc\xdf"
                      "e"),
              HasSubstr("UTF-8"));
}

TEST(SqlserverParameter, WhatTheServerHoldsIsTaken) {
  for (const Value& value :
       {Value{}, Value{true}, Value{1}, Value{std::int64_t{1} << 40U}, Value{0.5},
        Value{Decimal{"0.12345678901234567890123456789012345678"}}, Value{Decimal{"-0"}},
        Value{std::string(5000, 'x')}, Value{Bytes(9000)}, Value{Date::parse("0001-01-01")},
        Value{Timestamp::parse("9999-12-31 23:59:59.9999999")},
        Value{TimestampTz::parse("0001-01-01 00:00:00+00")}, Value{Uuid{}}, Value{Json{"{}"}}}) {
    EXPECT_EQ(refusal(value), "");
  }
}

TEST(SqlserverParameter, OnlyDatesAndTimesNeedACast) {
  EXPECT_EQ(parameter_cast(Date{}), "date");
  EXPECT_EQ(parameter_cast(TimeOfDay{}), "time(7)");
  EXPECT_EQ(parameter_cast(Timestamp{}), "datetime2(7)");
  EXPECT_EQ(parameter_cast("2024-01-15"), "");
  EXPECT_EQ(parameter_cast(Value{}), "");
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
