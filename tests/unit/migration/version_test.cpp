#include "migration/version.hpp"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace flowdb::migration {
namespace {

TEST(Version, OrdersPartsAsNumbers) {
  // Each row's texts are equal; each row is below the next.
  const std::vector<std::vector<std::string_view>> rows = {
      {"0", "00", "0.0"},
      {"0.0.1", "0_0_1"},
      {"0.9"},
      {"1", "1.0", "01", "1_0", "001.000.0"},
      {"1.0.1", "1_00_01"},
      {"1.1"},
      {"1.1.9"},
      {"1.1.10", "1_1_10.0"},
      {"2"},
      {"10"},
      {"20240131235959"},
      {"20240131235959.1"},
      {"18446744073709551616"},
      {"99999999999999999999999999999999999999"},
      {"100000000000000000000000000000000000000"},
  };
  for (std::size_t left = 0; left < rows.size(); ++left) {
    for (std::size_t right = 0; right < rows.size(); ++right) {
      for (const auto left_text : rows[left]) {
        for (const auto right_text : rows[right]) {
          const auto a = Version::parse(left_text);
          const auto b = Version::parse(right_text);
          ASSERT_TRUE(a && b) << left_text << " " << right_text;
          EXPECT_EQ(*a <=> *b, left <=> right) << left_text << " " << right_text;
          EXPECT_EQ(*a == *b, left == right) << left_text << " " << right_text;
        }
      }
    }
  }
}

TEST(Version, RefusesWhatIsNoVersion) {
  for (const auto* text : {"", ".", "_", "1.", "1_", ".1", "1..2", "1__2", "1._2", "1.a", "a", "-1",
                           "+1", " 1", "1 ", "1,2", "latest", "1.\xD9\xA1"}) {
    EXPECT_FALSE(Version::parse(text)) << text;
  }
}

TEST(Version, KeepsItsTextAndKnowsTheNext) {
  struct Case {
    std::string_view written;
    std::string_view text;
    std::string_view next;
  };
  const Case cases[] = {
      {"1", "1", "2"},
      {"003", "003", "004"},
      {"009", "009", "010"},
      {"9", "9", "10"},
      {"999", "999", "1000"},
      {"1_2_03", "1.2.03", "2"},
      {"01.9", "01.9", "02"},
      {"0", "0", "1"},
      {"99999999999999999999", "99999999999999999999", "100000000000000000000"},
  };
  for (const auto& each : cases) {
    const auto version = Version::parse(each.written);
    ASSERT_TRUE(version) << each.written;
    EXPECT_EQ(version->text(), each.text);
    EXPECT_EQ(version->next(), each.next);
  }
}

}  // namespace
}  // namespace flowdb::migration
