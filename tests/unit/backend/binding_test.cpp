#include "backend/binding.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "unit/message_of.hpp"

namespace flowdb::backend {
namespace {

using test::message_of;

struct Bound {
  std::string text;
  std::vector<Value> values;
  friend bool operator==(const Bound&, const Bound&) = default;
};

Bound bind(std::string_view source, const Params& params) {
  const sql::ParsedStatement statement{source, sql::postgresql_dialect()};
  Binding binding;
  bind_numbered(statement, params, binding);
  Bound bound{*binding.text, {}};
  for (const auto* value : binding.values) bound.values.push_back(*value);
  return bound;
}

TEST(Binding, PutsTheValuesInTheOrderOfTheirPlaceholders) {
  const Bound expected{"SELECT $1, $2, $1", {1, "two"}};
  EXPECT_EQ(bind("SELECT :a, :b, :a", {{"b", "two"}, {"a", 1}}), expected);
  EXPECT_EQ(bind("SELECT 1", {}), (Bound{"SELECT 1", {}}));
}

TEST(Binding, GivesEachUseOfAValueWithoutATypeAPlaceholderOfItsOwn) {
  EXPECT_EQ(bind("VALUES (:a, :b, :a)", {{"a", "x"}, {"b", 1}}),
            (Bound{"VALUES ($1, $2, $3)", {"x", 1, "x"}}));
  EXPECT_EQ(bind("SET a = :a, b = :a", {{"a", nullptr}}),
            (Bound{"SET a = $1, b = $2", {nullptr, nullptr}}));
  EXPECT_EQ(bind("WHERE :a IS NULL OR b = :a", {{"a", "x"}}),
            (Bound{"WHERE $1::text IS NULL OR b = $2", {"x", "x"}}));
  EXPECT_EQ(bind("WHERE :a IS NOT NULL", {{"a", nullptr}}),
            (Bound{"WHERE $1::text IS NOT NULL", {nullptr}}));
  EXPECT_EQ(bind("WHERE :a IS NULL OR b = :a", {{"a", 1}}),
            (Bound{"WHERE $1 IS NULL OR b = $1", {1}}));
  EXPECT_EQ(bind("SELECT f(:u, d) WHERE :u IS NULL GROUP BY f(:u, d)", {{"u", "day"}}),
            (Bound{"SELECT f($1, d) WHERE $2::text IS NULL GROUP BY f($1, d)", {"day", "day"}}))
      << "both must be the same expression";
}

TEST(Binding, MakesAListOfItsOwnTheWholeSet_ForAnyLength) {
  const Array none{};
  const Array two{{1, 2}};
  for (const auto& list : {none, two}) {
    EXPECT_EQ(bind("WHERE id IN (:ids) AND x = :x", {{"ids", list}, {"x", 3}}),
              (Bound{"WHERE id = ANY ($1) AND x = $2", {list, 3}}));
    EXPECT_EQ(bind("WHERE id NOT IN ( :ids )", {{"ids", list}}),
              (Bound{"WHERE id <> ALL ($1)", {list}}));
  }
  EXPECT_EQ(bind("WHERE a IN (:ids) OR b IN (:ids)", {{"ids", two}}),
            (Bound{"WHERE a = ANY ($1) OR b = ANY ($1)", {two}}));
}

TEST(Binding, WritesAListAmongOthersOut) {
  EXPECT_EQ(
      bind("WHERE id IN (:a, :ids, :b) AND :a > 0", {{"a", 1}, {"ids", Array{{7, 8}}}, {"b", 2}}),
      (Bound{"WHERE id IN ($1, $2, $3, $4) AND $1 > 0", {1, 7, 8, 2}}));
}

TEST(Binding, LeavesAListThatIsNoSetAnArray_AndAValueInAnInListAValue) {
  const Array list{{1, 2}};
  EXPECT_EQ(bind("SELECT :ids::int[]", {{"ids", list}}), (Bound{"SELECT $1::int[]", {list}}));
  EXPECT_EQ(bind("WHERE id IN (:id)", {{"id", 1}}), (Bound{"WHERE id IN ($1)", {1}}));
}

TEST(Binding, KeepsEscapedColons_WhereAListIsWrittenAnew) {
  EXPECT_EQ(
      bind(R"(SELECT a\:\:int WHERE id IN (:ids) AND b = '\:' AND c\:d)", {{"ids", Array{{1}}}})
          .text,
      R"(SELECT a::int WHERE id = ANY ($1) AND b = '\:' AND c:d)");
}

TEST(Binding, SaysWhichParameterIsWrong) {
  struct Case {
    std::string_view source;
    Params params;
    std::string_view message;
  };
  const std::string nul{"a\0b", 3};
  const Case cases[] = {
      {"SELECT :a, :b", {{"a", 1}}, "parameter ':b' of the statement is not given"},
      {"SELECT :a", {{"a", 1}, {"c", 1}}, "parameter ':c' is given but does not appear"},
      {"SELECT :a", {{"a", 1}, {"a", 2}}, "parameter ':a' is given twice"},
      {"SELECT :a", {{"a", nul}}, "parameter ':a' is a text that contains a NUL"},
      {"SELECT :a", {{"a", Array{{"x", nul}}}}, "parameter ':a' is a text that contains a NUL"},
      {"WHERE x IN (1, :a)", {{"a", Array{}}}, "parameter ':a' is an empty list among other"},
  };
  for (const auto& each : cases) {
    const auto message = message_of([&] { bind(each.source, each.params); });
    EXPECT_EQ(message.find(each.message), 0U) << message;
    EXPECT_EQ(message.find(nul), std::string::npos) << "no value may appear";
  }
}

TEST(Binding, CanBeUsedAgain) {
  const sql::ParsedStatement listed{"WHERE id IN (:ids)", sql::postgresql_dialect()};
  const sql::ParsedStatement plain{"SELECT :a", sql::postgresql_dialect()};
  const Params list{{"ids", Array{{1}}}};
  const Params value{{"a", 5}};
  Binding binding;
  for (int i = 0; i < 2; ++i) {
    bind_numbered(listed, list, binding);
    EXPECT_EQ(*binding.text, "WHERE id = ANY ($1)");
    EXPECT_EQ(binding.values.size(), 1U);
    bind_numbered(plain, value, binding);
    EXPECT_EQ(*binding.text, "SELECT $1");
    EXPECT_EQ(*binding.values.at(0), Value{5});
  }
}

TEST(SingleStatement, IsAskedFor_WithTheNameOfTheRightCall) {
  struct Case {
    std::string_view text;
    std::string_view advice;
  };
  const Case cases[] = {
      {"", "the statement is empty"},
      {"  -- nothing\n", "the statement is empty"},
      {"SELECT 1; SELECT 2", "2 statements"},
      {"SELECT 1; SELECT 2", "execute_transaction()"},
      {"BEGIN", "transaction()"},
      {"commit", "transaction()"},
      {"ROLLBACK TO s", "savepoint()"},
      {"COPY t FROM STDIN", "bulk_insert()"},
  };
  for (const auto& [text, advice] : cases) {
    const sql::ParsedStatement statement{text, sql::postgresql_dialect()};
    const auto message = message_of([&] { check_single_statement(statement, "rpa_db"); });
    EXPECT_EQ(message.find("rpa_db: "), 0U) << message;
    EXPECT_NE(message.find(advice), std::string::npos) << message;
  }
  const sql::ParsedStatement good{"SELECT 1;", sql::postgresql_dialect()};
  EXPECT_NO_THROW(check_single_statement(good, "rpa_db"));
}

}  // namespace
}  // namespace flowdb::backend
