#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "make_result.hpp"
#include "unit/message_of.hpp"

namespace flowdb {
namespace {

using test::make_result;
using test::message_of;

ResultSet two_people() {
  return make_result({{"id", ColumnType::int64}, {"name", ColumnType::text}},
                     {{"1", "Ada"}, {"2", std::nullopt}});
}

TEST(ResultSet, GivesRowsAndCells_ByNameAndIndex) {
  const auto rows = two_people();
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.columns()[1].name, "name");
  EXPECT_EQ(rows[0]["id"].as<std::int64_t>(), 1);
  EXPECT_EQ(rows[0][std::string{"name"}].as<std::string>(), "Ada");
  EXPECT_EQ(rows[1]["name"].as<std::optional<std::string>>(), std::nullopt);
  EXPECT_EQ(rows[1][0].as<int>(), 2);
  EXPECT_EQ(rows[1][0U].as<int>(), 2);
  EXPECT_EQ(rows[1][std::int64_t{0}].as<int>(), 2);
  EXPECT_EQ(rows[1][std::size_t{0}].as<int>(), 2);
  EXPECT_EQ(rows[1].size(), 2U);
  std::vector<int> ids;
  for (const auto& row : rows) {
    ids.push_back(row["id"].as<int>());
  }
  EXPECT_EQ(ids, (std::vector{1, 2}));
}

TEST(ResultSet, NamesWhatExists_WhenAColumnIsMissing) {
  const auto rows = two_people();
  EXPECT_EQ(message_of([&] { (void)rows[0]["Name"]; }),
            "there is no column 'Name': the columns are 'id', 'name'");
  EXPECT_EQ(message_of([&] { (void)make_result({}, {{}})[0]["a"]; }),
            "there is no column 'a': the result has no columns");
  for (const int index : {2, -1}) {
    EXPECT_EQ(message_of([&] { (void)rows[0][index]; }),
              "there is no column of that index: the result has 2 columns, counted from 0");
  }
  EXPECT_EQ(message_of([&] { (void)rows[2]; }),
            "there is no row of that index: the result has 2 rows, counted from 0");
}

TEST(ResultSet, AsksForAnotherName_WhenTwoColumnsShareOne) {
  const auto rows =
      make_result({{"id", ColumnType::int32}, {"a", ColumnType::int32}, {"id", ColumnType::int32}},
                  {{"1", "2", "3"}});
  EXPECT_EQ(message_of([&] { (void)rows[0]["id"]; }),
            "more than one column is named 'id': give them different names with AS, or read them "
            "by index");
  EXPECT_EQ(rows[0]["a"].as<int>(), 2);
  EXPECT_EQ(rows[0][2].as<int>(), 3);
  const std::string for_json =
      "more than one column is named 'id': give them different names with AS for to_json()";
  EXPECT_EQ(message_of([&] { rows.to_json(); }), for_json);
  EXPECT_EQ(message_of([&] { rows[0].to_json(); }), for_json);
}

TEST(ResultSet, GivesTheOnlyRowAndTheOnlyCell) {
  const auto one = make_result({{"n", ColumnType::int32}}, {{"42"}});
  EXPECT_EQ(one.one()["n"].as<int>(), 42);
  EXPECT_EQ(one.scalar<int>(), 42);
  EXPECT_EQ(message_of([] { two_people().one(); }),
            "exactly one row was expected, the result has 2");
  EXPECT_EQ(message_of([] { ResultSet{}.one(); }),
            "exactly one row was expected, the result has 0");
  EXPECT_EQ(message_of([] { ResultSet{}.scalar<int>(); }),
            "exactly one row was expected, the result has 0");
  EXPECT_EQ(message_of([] {
              make_result({{"a", ColumnType::int32}, {"b", ColumnType::int32}}, {{"1", "2"}})
                  .scalar<int>();
            }),
            "exactly one column was expected, the result has 2");
}

TEST(ResultSet, KeepsItsRows_WhenATemporaryGivesOne) {
  const auto row = make_result({{"name", ColumnType::text}}, {{std::string(5'000, 'x')}}).one();
  EXPECT_EQ(row["name"].as<std::string_view>(), std::string(5'000, 'x'));
  const auto second = two_people()[1];
  EXPECT_EQ(second["id"].as<int>(), 2);
}

TEST(ResultSet, IsEmpty_WhenMadeOfNothingOrMovedFrom) {
  auto rows = two_people();
  const auto copy = rows;
  const auto moved = std::move(rows);
  EXPECT_EQ(rows.size(), 0U);  // NOLINT(bugprone-use-after-move): this is what is tested
  EXPECT_TRUE(rows.columns().empty());
  EXPECT_EQ(rows.affected_rows(), 0U);
  EXPECT_EQ(copy[0]["name"].as<std::string_view>().data(),
            moved[0]["name"].as<std::string_view>().data());
}

TEST(ResultSet, IsReadFromSeveralThreads) {
  std::vector<test::Fields> fields;
  for (int i = 0; i < 10'000; ++i) {
    fields.push_back({std::to_string(i)});
  }
  const auto rows = make_result({{"n", ColumnType::int32}}, fields);
  std::vector<std::int64_t> sums(4);
  std::vector<std::thread> threads;
  for (auto& sum : sums) {
    threads.emplace_back([&sum, rows] {
      for (const auto& row : rows) {
        sum += row["n"].as<int>();
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(sums, std::vector<std::int64_t>(4, 49'995'000));
}

}  // namespace
}  // namespace flowdb
