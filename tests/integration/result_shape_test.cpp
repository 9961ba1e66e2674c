#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using nlohmann::json;

class ResultShape : public testing::Test {
 protected:
  template <class T>
  std::string refusal(const std::string& expression) {
    const auto rows = db_.execute_query("SELECT " + expression + " AS x");
    return thrown_by<InvalidArgument>([&] { (void)rows.scalar<T>(); }).what();
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(ResultShape, IsAJsonDocumentOfObjects) {
  const auto rows = db_.execute_query(
      "SELECT 1::int2 AS a, 9007199254740993 AS b, 1.50 AS c, 'NaN'::float8 AS d, 0.5::float8 AS e,"
      " true AS f, NULL::text AS g, '\\x00ff'::bytea AS h, date '2024-01-15' AS i,"
      " time '10:30' AS j, timestamp '2024-01-15 10:30:00.5' AS k,"
      " timestamptz '2024-01-15 10:30+02' AS l, '{\"m\": [1.50, null]}'::json AS m,"
      " ARRAY[[1,NULL],[3,4]] AS n, ARRAY['a,b', NULL] AS o, 'é\"' AS p, '{}'::int[] AS q");
  EXPECT_EQ(rows.to_json(), json::parse(R"([{
      "a": 1, "b": 9007199254740993, "c": "1.50", "d": "NaN", "e": 0.5, "f": true, "g": null,
      "h": "AP8=", "i": "2024-01-15", "j": "10:30:00", "k": "2024-01-15T10:30:00.5",
      "l": "2024-01-15T08:30:00Z", "m": {"m": [1.5, null]}, "n": [[1, null], [3, 4]],
      "o": ["a,b", null], "p": "é\"", "q": []}])"));
  EXPECT_EQ(db_.execute_query("SELECT 1 AS x WHERE false").to_json(), json::array());
}

TEST_F(ResultShape, CountsTheAffectedRows) {
  const auto run = [this](const std::string& sql) { return db_.execute_query(sql); };
  const auto created = run("CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0)");
  EXPECT_EQ(created.affected_rows(), 0U);
  EXPECT_TRUE(created.columns().empty());
  EXPECT_EQ(created.to_json(), json::parse(R"([{"affected_rows": 0}])"));
  EXPECT_EQ(run("INSERT INTO t SELECT generate_series(1, 5)").affected_rows(), 5U);
  EXPECT_EQ(run("UPDATE t SET n = 1 WHERE id > 2").to_json(),
            json::parse(R"([{"affected_rows": 3}])"));
  const auto returned = run("DELETE FROM t WHERE id > 3 RETURNING id");
  EXPECT_EQ(returned.affected_rows(), 2U);
  EXPECT_EQ(returned.size(), 2U);
  EXPECT_EQ(run("SELECT * FROM t").affected_rows(), 3U);
  EXPECT_EQ(run("UPDATE t SET n = 2 WHERE false RETURNING n").to_json(), json::array());
  EXPECT_EQ(run("MERGE INTO t USING (VALUES (1), (9)) AS s (id) ON t.id = s.id"
                " WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.id, 0)")
                .affected_rows(),
            2U);
  EXPECT_EQ(
      db_.execute_batch("UPDATE t SET n = :n WHERE id = :id",
                        {{{"n", 5}, {"id", 2}}, {{"n", 5}, {"id", 77}}, {{"n", 5}, {"id", 9}}}),
      2U);
}

TEST_F(ResultShape, MayHaveTwoColumnsOfOneName_ButNotByName) {
  const auto rows = db_.execute_query("SELECT 1 AS x, 2 AS x, 3 AS y");
  EXPECT_EQ(rows[0][0].as<int>() + rows[0][1].as<int>() + rows[0]["y"].as<int>(), 6);
  for (const auto& error : {thrown_by<InvalidArgument>([&] { (void)rows[0]["x"]; }),
                            thrown_by<InvalidArgument>([&] { (void)rows.to_json(); })}) {
    EXPECT_NE(std::string{error.what()}.find("'x'"), std::string::npos) << error.what();
  }
}

TEST_F(ResultShape, RefusesToReadWhatWouldLoseSomething) {
  const auto expect = [](const std::string& message, const std::string& part) {
    EXPECT_NE(message.find("'x'"), std::string::npos) << message;
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  expect(refusal<int>("NULL::int"), "std::optional");
  expect(refusal<std::int16_t>("40000"), "too large");
  expect(refusal<unsigned>("-1"), "negative");
  expect(refusal<int>("'7'::text"), "std::string");
  expect(refusal<int>("1.5"), "flowdb::Decimal");
  expect(refusal<bool>("1"), "int");
  expect(refusal<std::string>("'\\x00'::bytea"), "flowdb::Bytes");
  expect(refusal<Timestamp>("timestamptz '2024-01-01Z'"), "flowdb::TimestampTz");
  expect(refusal<std::vector<int>>("ARRAY[1,NULL]"), "std::optional");
}

TEST_F(ResultShape, IsOneRowOrOneCellOnlyWhenItIs) {
  const auto none = db_.execute_query("SELECT 1 AS a WHERE false");
  const auto two = db_.execute_query("SELECT generate_series(1, 2) AS a");
  const auto wide = db_.execute_query("SELECT 1 AS a, 2 AS b");
  EXPECT_EQ(wide.one()["b"].as<int>(), 2);
  thrown_by<InvalidArgument>([&] { (void)none.one(); });
  thrown_by<InvalidArgument>([&] { (void)two.one(); });
  thrown_by<InvalidArgument>([&] { (void)two.scalar<int>(); });
  thrown_by<InvalidArgument>([&] { (void)wide.scalar<int>(); });
  const auto missing = thrown_by<InvalidArgument>([&] { (void)wide[0]["c"]; });
  EXPECT_NE(std::string{missing.what()}.find("'c'"), std::string::npos) << missing.what();
  thrown_by<InvalidArgument>([&] { (void)wide[0][2]; });
  thrown_by<InvalidArgument>([&] { (void)two[2]; });
}

}  // namespace
}  // namespace flowdb::test
