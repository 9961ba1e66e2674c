#include "common/money.hpp"

#include <cstdint>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flows {
namespace {

TEST(Money, RoundsHalvesUp) {
  EXPECT_EQ(divide_half_up(0, 100), 0);
  EXPECT_EQ(divide_half_up(149, 100), 1);
  EXPECT_EQ(divide_half_up(150, 100), 2);
  EXPECT_EQ(divide_half_up(250, 100), 3);
  EXPECT_EQ(divide_half_up(1, 3), 0);
  EXPECT_EQ(divide_half_up(2, 3), 1);
  const auto largest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(divide_half_up(largest, largest), 1);
}

TEST(Money, GoesToDecimalAndBackWithoutLoss) {
  EXPECT_EQ(to_cents(flowdb::Decimal{"10.5"}), 1050);
  EXPECT_EQ(to_decimal(1050).to_string(), "10.50");
  EXPECT_EQ(to_decimal(5).to_string(), "0.05");
  EXPECT_THROW(to_cents(flowdb::Decimal{"0.001"}), flowdb::InvalidArgument);
}

TEST(Money, RefusesToOverflow) {
  const auto largest = std::numeric_limits<Cents>::max();
  EXPECT_EQ(add(largest - 1, 1), largest);
  EXPECT_THROW(add(largest, 1), std::overflow_error);
  EXPECT_THROW(multiply(largest, 2), std::overflow_error);
}

}  // namespace
}  // namespace flows
