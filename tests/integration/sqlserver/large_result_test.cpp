#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/memory_in_use.hpp"
#include "integration/sqlserver/sqlserver.hpp"

namespace flowdb::test {
namespace {

class SqlserverLargeResults : public Sqlserver {
 protected:
  static constexpr int kRows = 100'000;

  /// Ten thousand rows of ten, made by the server.
  std::string make_large_table() {
    const auto table = make_table(
        "id int, name nvarchar(60), amount decimal(18, 4), created datetime2(6), note "
        "nvarchar(max)");
    std::vector<std::vector<Value>> rows;
    for (int id = 0; id < 100; ++id) {
      rows.push_back({id, "customer number " + std::to_string(id), Decimal{"12.3400"},
                      Timestamp::parse("2024-01-15 10:30:00.123456"),
                      "note of " + std::to_string(id)});
    }
    observer().bulk_insert(table, {"id", "name", "amount", "created", "note"}, rows);
    for (int factor = 100; factor < kRows; factor *= 10) {
      observer().execute_query(
          "INSERT INTO " + table +
              " SELECT t.id + f.n * :factor, t.name, t.amount, t.created, "
              "CONCAT('note of ', t.id + f.n * :factor) FROM " +
              table +
              " t CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)) "
              "f(n)",
          {{"factor", factor}});
    }
    return table;
  }
};

TEST_F(SqlserverLargeResults, ArriveWhole_InBlocksAndRowByRow) {
  const auto table = make_large_table();
  const auto check = [&](const std::string& columns) {
    const auto rows = db_.execute_query("SELECT " + columns + " FROM " + table + " ORDER BY id");
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(kRows));
    std::int64_t sum = 0;
    for (const auto& row : rows) sum += row["id"].as<int>();
    EXPECT_EQ(sum, std::int64_t{kRows} * (kRows - 1) / 2);
    EXPECT_EQ(rows[77'777]["name"].as<std::string>(), "customer number 77");
  };
  check("id, name, amount, created");
  check("id, name, note");
}

TEST_F(SqlserverLargeResults, EachRowHasItsOwnLongText) {
  // SQLGetData in a rowset of several rows would give the last row's text for all of them.
  const auto table = make_large_table();
  int row_number = 0;
  for (const auto& row :
       db_.stream_query("SELECT id, note, name FROM " + table + " WHERE id < 5000 ORDER BY id")) {
    ASSERT_EQ(row["note"].as<std::string>(), "note of " + std::to_string(row_number));
    ASSERT_EQ(row["name"].as<std::string>(), "customer number " + std::to_string(row_number % 100));
    ++row_number;
  }
  EXPECT_EQ(row_number, 5000);
}

TEST_F(SqlserverLargeResults, AreStreamedInBoundedMemory) {
  const auto table = make_large_table();
  const auto select = "SELECT id, name, amount, created FROM " + table;
  for (const auto& row : db_.stream_query(select + " WHERE id < 20000")) {
    ASSERT_FALSE(row["name"].is_null());  // what a stream needs is now allocated
  }
  const auto before = memory_in_use();
  std::size_t most = before;
  int rows = 0;
  for (const auto& row : db_.stream_query(select)) {
    ASSERT_FALSE(row["name"].is_null());
    if (++rows % 10'000 == 0) most = std::max(most, memory_in_use());
  }
  EXPECT_EQ(rows, kRows);
  EXPECT_LE(most - before, std::size_t{4} << 20U);
}

}  // namespace
}  // namespace flowdb::test
