#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/any_server/any_server.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

using testing::HasSubstr;

class AnyServerStatements : public AnyServer {
 protected:
  /// A table of the integers from 1 to `count`, each with its text.
  std::string make_numbers(int count) {
    const auto table = make_table("id int PRIMARY KEY, name " + server().types.text);
    std::vector<std::vector<Value>> rows;
    for (int id = 1; id <= count; ++id) rows.push_back({id, "number " + std::to_string(id)});
    EXPECT_EQ(observer().bulk_insert(table, {"id", "name"}, rows), rows.size());
    return table;
  }
};
FLOWDB_ON_EVERY_SERVER(AnyServerStatements);

TEST_P(AnyServerStatements, ANameMayStandManyTimes_AndIsNoneWithinLiteralsAndComments) {
  const auto table = make_numbers(5);
  auto db = manager();
  const auto rows = db.execute_query(
      "SELECT id, ':a' AS literal, name AS \"x:y\" /* :b */ FROM " + table +
          " -- it's :c\n WHERE (id = :id OR id = :id + 1 OR id = :other) AND name <> ':id'"
          " ORDER BY id",
      {{"id", 2}, {"other", 5}});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1]["id"].as<int>(), 3);
  EXPECT_EQ(rows[0]["literal"].as<std::string>(), ":a");
  EXPECT_EQ(rows[2]["x:y"].as<std::string>(), "number 5");
}

TEST_P(AnyServerStatements, AListStandsForItsElements_AndAnEmptyOneForNone) {
  const auto table = make_numbers(4);
  auto db = manager();
  const auto found = [&](const std::string& condition, const std::vector<int>& list) {
    std::string ids;
    const auto sql = "SELECT id FROM " + table + " WHERE " + condition + " ORDER BY id";
    for (const auto& row : db.execute_query(sql, {{"list", list}})) {
      ids += row[0].as<std::string>();
    }
    return ids;
  };
  EXPECT_EQ(found("id IN (:list)", {4, 2, 9}), "24");
  EXPECT_EQ(found("id NOT IN (:list)", {4, 2, 9}), "13");
  EXPECT_EQ(found("id IN (:list)", {}), "");
  EXPECT_EQ(found("id NOT IN (:list)", {}), "1234");
  EXPECT_EQ(found("id IN (:list) OR id IN (1, :list)", {3}), "13");
}

TEST_P(AnyServerStatements, TellHowManyRowsTheyChanged) {
  const auto table = make_numbers(4);
  auto db = manager();
  const auto changed = [&](const std::string& sql) {
    return db.execute_query(sql).affected_rows();
  };
  EXPECT_EQ(changed("UPDATE " + table + " SET name = 'x' WHERE id > 1"), 3U);
  EXPECT_EQ(changed("DELETE FROM " + table + " WHERE id > 9"), 0U);
  EXPECT_EQ(changed("INSERT INTO " + table + " (id) VALUES (7), (8)"), 2U);
  const auto result = db.execute_query("DELETE FROM " + table + " WHERE id = 1");
  EXPECT_TRUE(result.empty());
  EXPECT_EQ(result.to_json(), nlohmann::json::parse(R"([{"affected_rows": 1}])"));
  EXPECT_EQ(ids(table), "2 3 4 7 8") << "a write is there for others when the call returns";
}

TEST_P(AnyServerStatements, WithoutRowsStillHaveColumns) {
  const auto table = make_numbers(1);
  auto db = manager();
  const auto none = db.execute_query("SELECT id, name FROM " + table + " WHERE id = 9");
  ASSERT_EQ(none.columns().size(), 2U);
  EXPECT_EQ(none.columns()[1].name, "name");
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.to_json(), nlohmann::json::array());
}

TEST_P(AnyServerStatements, AreRefusedBeforeTheyAreSent_WhenTheCallCannotTakeThem) {
  const auto table = make_table("id int");
  auto db = manager();
  const auto refusal = [&](const std::string& sql, const Params& params = {}) {
    return std::string{thrown_by<InvalidArgument>([&] { db.execute_query(sql, params); }).what()};
  };
  const auto insert = "INSERT INTO " + table + " VALUES (:id)";
  EXPECT_THAT(refusal(insert), HasSubstr("id"));
  EXPECT_THAT(refusal(insert, {{"id", 1}, {"surplus", 2}}), HasSubstr("surplus"));
  EXPECT_THAT(refusal("  -- nothing\n"), HasSubstr("empty"));
  EXPECT_THAT(refusal("DELETE FROM " + table + "; DELETE FROM " + table),
              HasSubstr("execute_transaction"));
  EXPECT_THAT(refusal("BEGIN TRANSACTION"), HasSubstr("transaction()"));
  EXPECT_THAT(refusal("COMMIT"), HasSubstr("transaction()"));
  EXPECT_THAT(refusal(insert, {{"id", std::string{"a\0b", 3}}}), HasSubstr("NUL"));
  EXPECT_EQ(ids(table), "");
}

TEST_P(AnyServerStatements, StreamAnyNumberOfRows_AndMayBeLeftEarly) {
  const auto table = make_numbers(10'000);
  auto db = manager();
  const auto select = "SELECT id, name FROM " + table + " ORDER BY id";
  std::int64_t sum = 0;
  for (const auto& row : db.stream_query(select)) {
    sum += row["id"].as<int>();
    ASSERT_EQ(row["name"].as<std::string>(), "number " + row["id"].as<std::string>());
  }
  EXPECT_EQ(sum, 50'005'000);
  int seen = 0;
  for (const auto& row : db.stream_query(select)) {
    EXPECT_EQ(row["id"].as<int>(), ++seen);
    if (seen == 3) break;
  }
  EXPECT_EQ(db.execute_query("SELECT count(*) FROM " + table).scalar<int>(), 10'000);
}

TEST_P(AnyServerStatements, ABatchOrABulkInsertIsAllOrNothing) {
  const auto table = make_numbers(1);
  auto db = manager();
  const auto insert = "INSERT INTO " + table + " (id) VALUES (:id)";
  std::vector<Params> sets;
  std::vector<std::vector<Value>> rows;
  for (int id = 2; id <= 1200; ++id) {
    sets.push_back({{"id", id}});
    rows.push_back({id});
  }
  sets.push_back({{"id", 1}});
  rows.push_back({1});
  EXPECT_THROW(db.execute_batch(insert, sets), ConstraintError);
  EXPECT_THROW(db.bulk_insert(table, {"id"}, rows), ConstraintError);
  EXPECT_EQ(ids(table), "1");
  sets.pop_back();
  EXPECT_EQ(db.execute_batch(insert, sets), 1199U);
  EXPECT_EQ(db.execute_batch(insert, {}), 0U);
  EXPECT_EQ(db.bulk_insert(table, {"id"}, {}), 0U);
  EXPECT_EQ(db.execute_query("SELECT count(*) FROM " + table).scalar<int>(), 1200);
}

}  // namespace
}  // namespace flowdb::test
