#include "backend/sqlserver/parameter_array.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend/sqlserver/statement_text.hpp"

namespace flowdb::backend::sqlserver {
namespace {

using testing::ElementsAre;

TEST(ParameterArray, OnlyLikeValuesGoTogether) {
  EXPECT_TRUE(go_together(1, std::int64_t{1} << 40U));
  EXPECT_TRUE(go_together("a", std::string(9000, 'x')));
  EXPECT_TRUE(go_together(nullptr, 1));
  EXPECT_TRUE(go_together(Decimal{"1.50"}, Decimal{"-123.45"}));
  EXPECT_FALSE(go_together(Decimal{"1.5"}, Decimal{"1.50"})) << "neither may gain a zero";
  EXPECT_FALSE(go_together(1, "1"));
  EXPECT_FALSE(go_together(1, 1.0));
  EXPECT_FALSE(go_together(Date{}, Timestamp{}));
}

TEST(ParameterArray, TheTextOfManySetsHasOnePlaceForEachUse_AndNoneForWhatIsNullInAll) {
  const sql::ParsedStatement statement{
      "INSERT INTO t (a, b, c) VALUES (:a, :b, :c), (:c, COALESCE(:b, 1), :a)",
      sql::sqlserver_dialect()};
  const Value number{1};
  const Value null;
  const Value day{Date::parse("2024-01-15")};
  std::vector<std::size_t> placeholders;
  EXPECT_EQ(text_for_sets(statement, {&number, &null, &day}, placeholders),
            "INSERT INTO t (a, b, c) VALUES (?, NULL, CAST(? AS date)), "
            "(CAST(? AS date), COALESCE(?, 1), ?)");
  EXPECT_THAT(placeholders, ElementsAre(0, 2, 2, 1, 0));
}

}  // namespace
}  // namespace flowdb::backend::sqlserver
