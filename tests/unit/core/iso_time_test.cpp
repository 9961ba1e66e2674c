#include "core/iso_time.hpp"

#include <gtest/gtest.h>

namespace flowdb::core {
namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::system_clock::time_point;

TEST(IsoTime, IsUtcWithMicroseconds) {
  EXPECT_EQ(iso_time(Moment{}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(iso_time(Moment{1'705'314'600s + 123'456'789ns}), "2024-01-15T10:30:00.123456Z");
  EXPECT_EQ(iso_time(Moment{-1us}), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(iso_time(Moment{951'868'799s}), "2000-02-29T23:59:59.000000Z");
}

}  // namespace
}  // namespace flowdb::core
