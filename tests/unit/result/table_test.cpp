#include "result/table.hpp"

#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "make_result.hpp"

namespace flowdb::result {
namespace {

constexpr std::size_t kGibibyte = std::size_t{1} << 30U;

TEST(TableBuilder, KeepsAMillionCells) {
  constexpr int kRows = 250'000;
  TableBuilder builder{{{"id", ColumnType::int32},
                        {"text", ColumnType::text},
                        {"maybe", ColumnType::int64},
                        {"empty", ColumnType::text}}};
  for (int i = 0; i < kRows; ++i) {
    const auto id = std::to_string(i);
    const auto text = "row " + id;
    builder.begin_row(id.size() + text.size() + id.size());
    builder.add(id);
    builder.add(text);
    i % 3 == 0 ? builder.add_null() : builder.add(id);
    builder.add("");
    builder.end_row();
  }
  EXPECT_EQ(builder.row_count(), static_cast<std::size_t>(kRows));
  const auto rows = builder.finish(kRows);
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(kRows));
  int index = 0;
  for (const auto& row : rows) {
    ASSERT_EQ(row[0].as<int>(), index);
    ASSERT_EQ(row[1].as<std::string_view>(), "row " + std::to_string(index));
    ASSERT_EQ(row[2].as<std::optional<int>>(),
              index % 3 == 0 ? std::nullopt : std::optional{index});
    ASSERT_FALSE(row[3].is_null());
    ASSERT_EQ(row[3].as<std::string>(), "");
    ++index;
  }
  EXPECT_EQ(index, kRows);
}

TEST(TableBuilder, NeverMovesARow_WhateverTheSizes) {
  std::mt19937_64 random{6};
  TableBuilder builder{{{"a", ColumnType::text}, {"b", ColumnType::text}}};
  std::vector<std::string> expected;
  for (int i = 0; i < 400; ++i) {
    expected.emplace_back(random() % (std::size_t{1} << (random() % 21)), static_cast<char>(i));
    builder.begin_row(expected.back().size() + random() % 100);  // an upper bound
    builder.add(expected.back());
    builder.add_null();
    builder.end_row();
  }
  const auto rows = builder.finish(0);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(rows[i][0].as<std::string>(), expected[i]);
    ASSERT_TRUE(rows[i][1].is_null());
  }
}

TEST(TableBuilder, TakesCellsWrittenInPlace) {
  TableBuilder builder{{{"a", ColumnType::text}, {"b", ColumnType::text}}};
  builder.begin_row(20);
  std::memcpy(builder.reserve(15), "hello", 5);
  builder.add_written(5);
  builder.add("world");
  builder.end_row();
  EXPECT_EQ(builder.memory(), 3 + 10 + sizeof(const char*)) << "words of a byte";
  const auto rows = builder.finish(1);
  EXPECT_EQ(rows[0][0].as<std::string>(), "hello");
  EXPECT_EQ(rows[0][1].as<std::string>(), "world");
}

TEST(TableBuilder, KeepsNullsAndCells_WhereverTheWordsGetWider) {
  TableBuilder builder{{{"a", ColumnType::text},
                        {"none", ColumnType::text},
                        {"b", ColumnType::text},
                        {"empty", ColumnType::text}}};
  const std::vector<std::size_t> sizes{0, 1, 126, 127, 128, 32'766, 32'767, 32'768, 300'000};
  for (const auto size : sizes) {
    for (const std::size_t too_much : {0U, 1U, 200U, 40'000U}) {
      auto cells = builder.begin_cells(size + too_much);
      std::memset(cells.next(), 'a', size / 2);
      cells.add_until(cells.next() + size / 2);
      cells.add_null();
      std::memset(cells.next(), 'b', size - size / 2);
      cells.add_until(cells.next() + size - size / 2);
      cells.add_until(cells.next());
      builder.end_row(cells);
    }
  }
  const auto rows = builder.finish(0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto size = sizes[i / 4];
    ASSERT_EQ(rows[i][0].as<std::string_view>(), std::string(size / 2, 'a'));
    ASSERT_TRUE(rows[i][1].is_null());
    ASSERT_EQ(rows[i][2].as<std::string_view>(), std::string(size - size / 2, 'b'));
    ASSERT_FALSE(rows[i][3].is_null());
    ASSERT_EQ(rows[i][3].as<std::string_view>(), "");
  }
}

TEST(TableBuilder, RefusesARowOfTwoGibibytes) {
  TableBuilder builder{{{"a", ColumnType::bytes}}};
  try {
    builder.begin_row(2 * kGibibyte);
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_STREQ(error.what(),
                 "a row of the result is 2 GiB or larger, which flowdb cannot hold: select fewer "
                 "or smaller columns");
  }
}

TEST(TableBuilder, NoticesRowsThatBreakItsOrder) {
  TableBuilder builder{{{"a", ColumnType::text}, {"b", ColumnType::text}}};
  EXPECT_THROW(builder.add("x"), std::logic_error);
  EXPECT_THROW(builder.add_null(), std::logic_error);
  builder.begin_row(2);
  EXPECT_THROW(builder.add("too long"), std::logic_error);
  builder.add("x");
  EXPECT_THROW(builder.end_row(), std::logic_error);
  builder.add_null();
  EXPECT_THROW(builder.add_null(), std::logic_error);
  builder.end_row();
  EXPECT_THROW(builder.add("y"), std::logic_error);
  EXPECT_EQ(builder.row_count(), 1U);
}

TEST(TableBuilder, HoldsRowsWithoutColumns) {
  TableBuilder builder{{}};
  for (int i = 0; i < 3; ++i) {
    builder.begin_row(0);
    builder.end_row();
  }
  const auto rows = builder.finish(3);
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].size(), 0U);
  EXPECT_EQ(affected_only(7).affected_rows(), 7U);
  EXPECT_TRUE(affected_only(7).empty());
}

}  // namespace
}  // namespace flowdb::result
