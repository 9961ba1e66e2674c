#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "integration/round_trip.hpp"

namespace flowdb::test {
namespace {

class NumberRoundTrip : public RoundTrip {};

template <class T>
using Limits = std::numeric_limits<T>;

TEST_F(NumberRoundTrip, DecimalsKeepEveryDigitAndTrailingZero) {
  std::vector<Sample<Decimal>> samples;
  for (const std::string text :
       {"1234567890123456789012345678901234567890", "-12345678901234567890.12345678901234567890",
        "0.0000000000000000000000000000000000000001", "12.500", "0", "0.00", "-7", "NaN",
        "Infinity", "-Infinity"}) {
    samples.push_back({Decimal{text}, text});
  }
  samples.push_back({Decimal{"1e130000"}, "1" + std::string(130000, '0')});
  expect_exact("numeric", samples);
}

TEST_F(NumberRoundTrip, IntegersReachTheirLimits) {
  expect_exact<std::int64_t>("bigint", {{Limits<std::int64_t>::min(), "-9223372036854775808"},
                                        {Limits<std::int64_t>::max(), "9223372036854775807"},
                                        {2147483647, "2147483647"},
                                        {2147483648, "2147483648"},
                                        {-2147483648, "-2147483648"},
                                        {-2147483649, "-2147483649"},
                                        {0, "0"}});
  expect_exact<std::int32_t>("integer", {{Limits<std::int32_t>::min(), "-2147483648"},
                                         {Limits<std::int32_t>::max(), "2147483647"}});
  expect_exact<std::int16_t>("smallint", {{Limits<std::int16_t>::min(), "-32768"},
                                          {Limits<std::int16_t>::max(), "32767"}});
}

TEST_F(NumberRoundTrip, UnsignedIntegersBeyondInt64AreDecimals) {
  expect_exact<std::uint64_t>("numeric(20)",
                              {{Limits<std::uint64_t>::max(), "18446744073709551615"}, {7, "7"}});
}

TEST_F(NumberRoundTrip, IntegersAreBoundAsTheSmallestTypeOfTheServerThatHoldsThem) {
  const auto type_of = [this](std::int64_t number) {
    return db_.execute_query("SELECT pg_typeof(:n)::text", {{"n", number}}).scalar<std::string>();
  };
  EXPECT_EQ(type_of(2147483647), "integer");
  EXPECT_EQ(type_of(-2147483648), "integer");
  EXPECT_EQ(type_of(2147483648), "bigint");
  EXPECT_EQ(type_of(-2147483649), "bigint");
}

TEST_F(NumberRoundTrip, DoublesKeepEveryBit) {
  expect_exact<double>("double precision", {{Limits<double>::max(), "1.7976931348623157e+308"},
                                            {Limits<double>::lowest(), "-1.7976931348623157e+308"},
                                            {Limits<double>::min(), "2.2250738585072014e-308"},
                                            {Limits<double>::denorm_min(), "5e-324"},
                                            {Limits<double>::infinity(), "Infinity"},
                                            {-Limits<double>::infinity(), "-Infinity"},
                                            {Limits<double>::quiet_NaN(), "NaN"},
                                            {-0.0, "-0"},
                                            {0.0, "0"},
                                            {0.1, "0.1"},
                                            {1.0 / 3.0, "0.3333333333333333"},
                                            {9007199254740993.0, "9.007199254740992e+15"}});
}

TEST_F(NumberRoundTrip, FloatsKeepEveryBit) {
  expect_exact<float>("real", {{Limits<float>::max(), "3.4028235e+38"},
                               {Limits<float>::denorm_min(), "1e-45"},
                               {-Limits<float>::infinity(), "-Infinity"},
                               {-0.0F, "-0"},
                               {0.1F, "0.1"}});
}

TEST_F(NumberRoundTrip, BooleansAreTrueOrFalse) {
  expect_exact<bool>("boolean", {{true, "true"}, {false, "false"}});
}

}  // namespace
}  // namespace flowdb::test
