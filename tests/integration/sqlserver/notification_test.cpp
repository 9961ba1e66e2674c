#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;

TEST_F(Sqlserver, HasNoNotifications_AndSaysSo) {
  const auto error = thrown_by<InvalidArgument>([&] { db_.listen({"ready"}); });
  EXPECT_THAT(error.what(), testing::HasSubstr("sqlserver has no notifications"));
  EXPECT_THROW(db_.wait_for_notification("ready", 1s), InvalidArgument);
  EXPECT_THROW(db_.notify("ready"), InvalidArgument);
}

}  // namespace
}  // namespace flowdb::test
