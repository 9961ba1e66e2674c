#include "backend/sqlserver/statement_text.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

namespace flowdb::backend::sqlserver {
namespace {

using testing::HasSubstr;

struct Written {
  std::string text;
  std::size_t values = 0;
};

Written written(const std::string& sql, const Params& params) {
  const sql::ParsedStatement statement{sql, sql::sqlserver_dialect()};
  BoundText bound;
  bind_places(statement, params, bound);
  return {*bound.text, bound.values.size()};
}

TEST(SqlserverStatementText, EveryUseOfANameIsAPlaceOfItsOwn) {
  const auto result =
      written("SELECT :a, ':a', [x:y] FROM t WHERE a = :a AND b = :b", {{"a", 1}, {"b", 2}});
  EXPECT_EQ(result.text, "SELECT ?, ':a', [x:y] FROM t WHERE a = ? AND b = ?");
  EXPECT_EQ(result.values, 3U);
}

TEST(SqlserverStatementText, AListStandsForItsElements_AnEmptyOneForTheEmptySet) {
  const std::string sql = "SELECT 1 FROM t WHERE id NOT IN (:ids) AND x = :x";
  EXPECT_EQ(written(sql, {{"ids", std::vector<int>{1, 2, 3}}, {"x", 1}}).text,
            "SELECT 1 FROM t WHERE id NOT IN (?, ?, ?) AND x = ?");
  EXPECT_EQ(
      written(sql, {{"ids", std::vector<int>{}}, {"x", 1}}).text,
      "SELECT 1 FROM t WHERE id NOT IN (SELECT CAST(NULL AS nvarchar(1)) WHERE 1 = 0) AND x = ?");
  EXPECT_EQ(written("SELECT 1 WHERE 1 IN (0, :ids)", {{"ids", std::vector<int>{1, 2}}}).text,
            "SELECT 1 WHERE 1 IN (0, ?, ?)");
  EXPECT_THROW(written("SELECT 1 WHERE 1 IN (0, :ids)", {{"ids", std::vector<int>{}}}),
               InvalidArgument);
}

TEST(SqlserverStatementText, TheLimitOfParametersIsNamed) {
  const std::string sql = "SELECT 1 WHERE 1 IN (:ids)";
  EXPECT_EQ(written(sql, {{"ids", std::vector<int>(2098, 1)}}).values, 2098U);
  try {
    written(sql, {{"ids", std::vector<int>(2099, 1)}});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_THAT(error.what(), HasSubstr("2,100"));
  }
}

TEST(SqlserverStatementText, NullIsWrittenWhereItStandsForAWholeValue) {
  const Params null{{"x", nullptr}};
  EXPECT_EQ(written("INSERT INTO t (a, b) VALUES (:x, 1), (2, :x)", null).text,
            "INSERT INTO t (a, b) VALUES (NULL, 1), (2, NULL)");
  EXPECT_EQ(written("UPDATE t SET a = :x WHERE b >= :x", null).text,
            "UPDATE t SET a = NULL WHERE b >= NULL");
  EXPECT_EQ(written("EXEC p :x, @b = :x", null).text, "EXEC p NULL, @b = NULL");
  EXPECT_EQ(written("SELECT 1 WHERE 1 IN (:x)", {{"x", Array{{Value{}, Value{2}}}}}).text,
            "SELECT 1 WHERE 1 IN (NULL, ?)");
}

TEST(SqlserverStatementText, NullIsAParameterWhereTheServerWantsItsType) {
  const Params null{{"x", nullptr}};
  for (const std::string place :
       {"SELECT COALESCE(#, #)", "SELECT #", "SELECT 1 WHERE # IS NULL OR a > #",
        "INSERT INTO t VALUES (COALESCE(#, 1), # + 1)", "SELECT f(1, #)"}) {
    std::string sql = place;
    std::string expected = place;
    for (auto at = sql.find('#'); at != std::string::npos; at = sql.find('#')) {
      sql.replace(at, 1, ":x");
    }
    for (auto at = expected.find('#'); at != std::string::npos; at = expected.find('#')) {
      expected.replace(at, 1, "?");
    }
    EXPECT_EQ(written(sql, null).text, expected);
  }
}

TEST(SqlserverStatementText, DatesAreCast_ButForEXEC_WhichTakesNoExpressions) {
  const Params params{{"d", Date::parse("2024-01-15")}, {"n", 1}};
  EXPECT_EQ(written("SELECT :d, :n", params).text, "SELECT CAST(? AS date), ?");
  EXPECT_EQ(written("EXEC p :d, :n", params).text, "EXEC p ?, ?");
  EXPECT_EQ(written("SELECT :t", {{"t", TimestampTz::parse("2024-01-15 10:00:00+02")}}).text,
            "SELECT CAST(? AS datetimeoffset(7))");
}

TEST(SqlserverStatementText, NoQuestionMarkIsLeftInCommentsForADriverToFind) {
  EXPECT_EQ(written("SELECT /* a? /* b? */ c? */ :x, '?' -- d?", {{"x", 1}}).text,
            "SELECT /* a  /* b  */ c  */ ?, '?' -- d ");
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
