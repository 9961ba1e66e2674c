#include "sql/text_position.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace flowdb::sql {
namespace {

TEST(TextPosition, CountsLinesAndCodePoints) {
  struct Case {
    std::string_view text;
    std::size_t offset;
    Position position;
  };
  const Case cases[] = {
      {"", 0, {1, 1}},
      {"", 9, {1, 1}},
      {"abc", 2, {1, 3}},
      {"abc", 3, {1, 4}},
      {"abc", 99, {1, 4}},
      {"a\nb", 1, {1, 2}},  // the line end still belongs to its line
      {"a\nb", 2, {2, 1}},
      {"a\r\nb", 1, {1, 2}},
      {"a\r\nb", 3, {2, 1}},  // CRLF ends one
                              // line
      {"a\rb", 2, {2, 1}},
      {"a\r\r\n\nb", 5, {4, 1}},
      {"\tb", 1, {1, 2}},  // a tab is one column
      {"é日😀x", 9, {1, 4}},
      {"é日😀x", 4, {1, 2}},  // inside a code point means the code point
      {"é\nü=1", 5, {2, 2}},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(position_at(each.text, each.offset), each.position)
        << testing::PrintToString(each.text) << " at " << each.offset;
  }
}

TEST(TextPosition, WalksOnFromTheLastOffset) {
  constexpr std::string_view text = "é\r\n日本\n\n x";
  PositionCounter counter{text};
  for (std::size_t offset = 0; offset <= text.size(); ++offset) {
    EXPECT_EQ(counter.advance_to(offset), position_at(text, offset)) << offset;
  }
}

TEST(TextPosition, FindsTheByteOfACharacterCountedFromOne) {
  constexpr std::string_view text = "é\r\n日x";
  const std::size_t bytes[] = {0, 0, 2, 3, 4, 7, 8, 8};
  for (std::size_t character = 0; character < std::size(bytes); ++character) {
    EXPECT_EQ(byte_of_character(text, character), bytes[character]) << character;
  }
}

}  // namespace
}  // namespace flowdb::sql
