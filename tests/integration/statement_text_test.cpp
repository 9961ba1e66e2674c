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

class StatementText : public testing::Test {
 protected:
  json first_row(const std::string& sql, const Params& params = {}) {
    return db_.execute_query(sql, params).to_json().at(0);
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(StatementText, UsesOneNameManyTimes) {
  EXPECT_EQ(first_row("SELECT :n + :n AS twice, :m || :n::text AS text, :n AS once",
                      {{"m", "m"}, {"n", 21}}),
            json({{"twice", 42}, {"text", "m21"}, {"once", 21}}));
}

TEST_F(StatementText, FindsNoParameterInLiteralsNamesAndComments) {
  EXPECT_EQ(first_row(R"(SELECT ':a' AS a, E'it\'s :a' AS b, $q$:a ';$q$ AS c, "x:a".y AS d,
                         /* :a /* nested :a */ ; */ 'it''s :a' AS e, :a AS f -- :a ; 'open
                         FROM (SELECT 1 AS y) AS "x:a")",
                      {{"a", "bound"}}),
            json({{"a", ":a"},
                  {"b", "it's :a"},
                  {"c", ":a ';"},
                  {"d", 1},
                  {"e", "it's :a"},
                  {"f", "bound"}}));
}

TEST_F(StatementText, KnowsCastsSlicesAndEscapedColons) {
  EXPECT_EQ(first_row(R"(SELECT :a::int+1 AS a, (ARRAY[1,2,3])[2:3] AS b,
                         (ARRAY[1,2,3])[:low \: :high] AS c, '12:30'::time AS d)",
                      {{"a", "41"}, {"low", 1}, {"high", 2}}),
            json({{"a", 42}, {"b", {2, 3}}, {"c", {1, 2}}, {"d", "12:30:00"}}));
  db_.execute_query("CREATE FUNCTION f(x int, y int) RETURNS int LANGUAGE sql RETURN x - y");
  EXPECT_EQ(first_row("SELECT f(y := :y, x := 10) AS named", {{"y", 3}}), json({{"named", 7}}));
}

TEST_F(StatementText, MayEndInASemicolonAndHoldAFunctionsBody) {
  EXPECT_EQ(first_row("SELECT 1 AS one; -- done"), json({{"one", 1}}));
  db_.execute_query(
      "CREATE FUNCTION g() RETURNS text LANGUAGE plpgsql AS "
      "$$ DECLARE x text := 'a'; BEGIN x := x || ':b'; RETURN x; END; $$;");
  EXPECT_EQ(first_row("SELECT g() AS g"), json({{"g", "a:b"}}));
  db_.execute_query(
      "CREATE FUNCTION h() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 5 END; "
      "END");
  EXPECT_EQ(first_row("SELECT h() AS h"), json({{"h", 5}}));
  EXPECT_EQ(db_.execute_query("DO $$ BEGIN PERFORM 1; END $$").to_json(),
            json::array({{{"affected_rows", 0}}}));
}

TEST_F(StatementText, BindsNothingIntoTheText) {
  const std::string attack = "'; DROP TABLE pg_class; -- $1 :n \\";
  EXPECT_EQ(first_row("SELECT :n AS n", {{"n", attack}}), json({{"n", attack}}));
  EXPECT_EQ(first_row("SELECT 1 - :n AS minus, 1-:n AS tight", {{"n", -1}}),
            json({{"minus", 2}, {"tight", 2}}));
}

TEST_F(StatementText, InfersTheTypeOfATextFromItsPlace) {
  db_.execute_query("CREATE TABLE t (d date, j jsonb, n numeric, u uuid)");
  db_.execute_query("INSERT INTO t VALUES (:d, :j, :n, :u)",
                    {{"d", "2024-01-15"},
                     {"j", "{}"},
                     {"n", "1.50"},
                     {"u", "0123abcd-ef45-6789-90ab-cdef00ff1080"}});
  EXPECT_EQ(first_row("SELECT d, j, n FROM t WHERE d = :d AND n = :n AND j @> :j",
                      {{"d", "2024-01-15"}, {"n", 1.5}, {"j", json::object()}}),
            json({{"d", "2024-01-15"}, {"j", json::object()}, {"n", "1.50"}}));
}

}  // namespace
}  // namespace flowdb::test
