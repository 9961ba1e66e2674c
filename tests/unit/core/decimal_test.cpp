#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/types.hpp>

#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::message_of;

constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();

std::string random_digits(std::mt19937_64& random, std::size_t most) {
  std::string digits;
  for (auto count = random() % most + 1; count > 0; --count) {
    digits += static_cast<char>('0' + random() % 10);
  }
  return digits;
}

TEST(Decimal, WritesItsPlainForm_WhateverWasParsed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"+7", "7"},
      {"007.50", "7.50"},
      {".5", "0.5"},
      {"-.050", "-0.050"},
      {"1234567890123456789012345678901234567890.00",
       "1234567890123456789012345678901234567890.00"},
      {"1e-7", "0.0000001"},
      {"-1.5E+3", "-1500"},
      {"1.50e1", "15.0"},
      {"123.456e2", "12345.6"},
      {"123e-2", "1.23"},
      {"0e-3", "0.000"},
      {"0e5", "0"},
      {"1e0000000000000000003", "1000"},
      {"NaN", "NaN"},
      {"Infinity", "Infinity"},
      {"-Infinity", "-Infinity"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(Decimal{text}.to_string(), expected) << text;
  }
  EXPECT_EQ(Decimal{}.to_string(), "0");
  EXPECT_EQ(Decimal{kLowest}.to_string(), "-9223372036854775808");
}

TEST(Decimal, RefusesWhatIsNoDecimal_WithoutRepeatingIt) {
  for (const std::string text :
       {"",    "-",     ".",   "5.",  "1.2.3", "1,5", " 1",        "1 ",    "0x10",   "1e",
        "1e+", "1e1.5", "--1", "+-1", "nan",   "inf", "+Infinity", "1_000", "secret", "１"}) {
    EXPECT_EQ(message_of([&] { Decimal{text}; }),
              "the text is not a decimal: expected the form -12.50 or 1e-7, or NaN, Infinity or "
              "-Infinity")
        << text;
  }
  EXPECT_NE(message_of([] { Decimal{std::string_view{"1\0", 2}}; }), "(nothing thrown)");
}

TEST(Decimal, EndsWherePostgresqlsNumericEnds) {
  EXPECT_EQ(Decimal{"1e131071"}.to_string().size(), 131'072U);
  EXPECT_EQ(Decimal{"1e-16383"}.to_string().size(), 16'385U);
  EXPECT_EQ(Decimal{std::string(1'000, '0') + std::string(131'072, '9')}.to_string(),
            std::string(131'072, '9'));
  for (const std::string& text :
       {std::string{"1e131072"}, std::string{"1e-16384"}, std::string{"1e999999999999999999999"},
        std::string{"1e-999999999"}, std::string(131'073, '9'), "0." + std::string(16'384, '1')}) {
    EXPECT_EQ(message_of([&] { Decimal{text}; }),
              "the decimal is out of bounds: at most 131072 digits before the point and 16383 "
              "behind it");
  }
}

TEST(Decimal, ParsesWhatItWrote_AndKeepsEveryDigit) {
  std::mt19937_64 random{20240115};
  for (int round = 0; round < 5'000; ++round) {
    auto text = random_digits(random, 45);
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    if (random() % 3 != 0) {
      text += "." + random_digits(random, 45);
    }
    const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
    if (random() % 2 == 0 && !is_zero) {
      text = "-" + text;
    }
    const Decimal decimal{text};
    EXPECT_EQ(decimal.to_string(), text);
    EXPECT_EQ(Decimal{decimal.to_string()}, decimal);
    EXPECT_EQ(Decimal{text + "e-5"}.to_string(),
              Decimal{Decimal{text + "e-7"}.to_string() + "e2"}.to_string());
  }
}

TEST(Decimal, OrdersByNumber_WithInfinitiesOutsideAndNanLast) {
  const std::vector<std::vector<std::string>> ascending = {{"-Infinity"},
                                                           {"-100"},
                                                           {"-99.5", "-99.50"},
                                                           {"-1.01"},
                                                           {"-1", "-1.0"},
                                                           {"-0.5"},
                                                           {"-0.05"},
                                                           {"0", "0.00", "-0"},
                                                           {"0.049"},
                                                           {"0.05", "0.050"},
                                                           {"0.5"},
                                                           {"1.5", "1.5000"},
                                                           {"1.51"},
                                                           {"9", "9.0"},
                                                           {"10"},
                                                           {"99999999999999999999"},
                                                           {"Infinity"},
                                                           {"NaN"}};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      for (const auto& left : ascending[i]) {
        for (const auto& right : ascending[j]) {
          EXPECT_EQ(Decimal{left} <=> Decimal{right}, i <=> j) << left << " " << right;
          EXPECT_EQ(Decimal{left} == Decimal{right}, i == j) << left << " " << right;
        }
      }
    }
  }
}

TEST(Decimal, ScalesExactly) {
  EXPECT_EQ(Decimal::from_scaled(1050, 2).to_string(), "10.50");
  EXPECT_EQ(Decimal::from_scaled(-5, 3).to_string(), "-0.005");
  EXPECT_EQ(Decimal::from_scaled(kLowest, 0).to_string(), "-9223372036854775808");
  EXPECT_EQ(Decimal::from_scaled(0, 2).to_string(), "0.00");
  EXPECT_EQ(Decimal::from_scaled(7, 1000).to_scaled(1000), 7);
  EXPECT_EQ(Decimal{"10.5"}.to_scaled(2), 1050);
  EXPECT_EQ(Decimal{"-10.500"}.to_scaled(1), -105);
  EXPECT_EQ(Decimal{"92233720368547758.07"}.to_scaled(2), kHighest);
  std::mt19937_64 random{7};
  for (int round = 0; round < 2'000; ++round) {
    const auto unscaled = static_cast<std::int64_t>(random());
    const auto scale = static_cast<int>(random() % 30);
    EXPECT_EQ(Decimal::from_scaled(unscaled, scale).to_scaled(scale), unscaled);
  }
}

TEST(Decimal, RefusesToScale_WhenDigitsWouldBeLost) {
  EXPECT_EQ(message_of([] { Decimal{"1.005"}.to_scaled(2); }),
            "the decimal has more digits behind the point than the scale keeps");
  EXPECT_EQ(message_of([] { Decimal{"92233720368547758.08"}.to_scaled(2); }),
            "the decimal at this scale is beyond a 64-bit integer");
  EXPECT_EQ(message_of([] { Decimal{"-1e30"}.to_scaled(0); }),
            "the decimal at this scale is beyond a 64-bit integer");
  EXPECT_EQ(message_of([] { Decimal{"NaN"}.to_scaled(0); }),
            "NaN and the infinities have no scaled integer: ask is_finite() first");
  EXPECT_EQ(message_of([] { Decimal::from_scaled(1, -1); }),
            "the scale of a decimal must be from 0 to 1000");
  EXPECT_EQ(message_of([] { Decimal{"1"}.to_scaled(1001); }),
            "the scale of a decimal must be from 0 to 1000");
}

TEST(Decimal, GivesTheNearestDouble) {
  EXPECT_EQ(Decimal{"0.1"}.to_double(), 0.1);
  EXPECT_EQ(Decimal{"9007199254740993"}.to_double(), 9007199254740992.0);
  EXPECT_EQ(Decimal{"-5e-324"}.to_double(), -std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(Decimal{"1e-400"}.to_double(), 0.0);
  EXPECT_TRUE(std::signbit(Decimal{"-1e-400"}.to_double()));
  EXPECT_EQ(Decimal{"-1e400"}.to_double(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(Decimal{"Infinity"}.to_double(), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(Decimal{"NaN"}.to_double()));
  EXPECT_TRUE(Decimal{"-1.5"}.is_finite());
  EXPECT_FALSE(Decimal{"NaN"}.is_finite());
  EXPECT_FALSE(Decimal{"-Infinity"}.is_finite());
}

}  // namespace
}  // namespace flowdb
