#include "core/utf8.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace flowdb::utf8 {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, NamesTheFirstMalformedByte) {
  struct Case {
    std::string_view text;
    std::optional<std::size_t> first_invalid;
  };
  const Case cases[] = {
      {"", std::nullopt},
      {"plain \x7F"sv, std::nullopt},
      {"\0"sv, std::nullopt},
      {"Grüße, 日本 😀", std::nullopt},
      {"\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF"sv, std::nullopt},
      {"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"sv, std::nullopt},
      {"a\x80"sv, 1},             // a continuation without a start
      {"ab\xC3"sv, 2},            // cut off
      {"\xE6\x97"sv, 0},          // cut off
      {"\xF0\x9F\x98"sv, 0},      // cut off
      {"\xC3("sv, 0},             // no continuation behind a start
      {"é\xE6\x97x"sv, 2},        // the last byte of three
      {"\xC0\xAF"sv, 0},          // overlong
      {"\xC1\xBF"sv, 0},          // overlong
      {"\xE0\x9F\xBF"sv, 0},      // overlong
      {"\xF0\x8F\xBF\xBF"sv, 0},  // overlong
      {"\xED\xA0\x80"sv, 0},      // a surrogate
      {"\xF4\x90\x80\x80"sv, 0},  // above U+10FFFF
      {"\xF5\x80\x80\x80"sv, 0},  // above U+10FFFF
      {"\xFF\xFE"
       "S\0"sv,
       0},  // UTF-16
  };
  for (const auto& each : cases) {
    EXPECT_EQ(first_invalid(each.text), each.first_invalid) << testing::PrintToString(each.text);
    EXPECT_EQ(is_valid(each.text), !each.first_invalid);
  }
}

TEST(Utf8, CountsAndFindsCodePoints) {
  constexpr std::string_view text = "aé日😀b";  // 1 + 2 + 3 + 4 + 1 bytes
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points(text), 5U);
  const std::size_t offsets[] = {0, 1, 3, 6, 10, 11, 11};
  for (std::size_t count = 0; count < std::size(offsets); ++count) {
    EXPECT_EQ(byte_offset(text, count), offsets[count]) << count;
  }
}

TEST(Utf8, StripsOneByteOrderMark) {
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF"
                                    "a"),
            "a");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBF"), "\xEF\xBB\xBF");
  EXPECT_EQ(without_byte_order_mark("a\xEF\xBB\xBF"), "a\xEF\xBB\xBF");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB"), "\xEF\xBB");
  EXPECT_EQ(without_byte_order_mark(""), "");
}

}  // namespace
}  // namespace flowdb::utf8
