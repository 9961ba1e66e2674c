#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

class InList : public testing::Test {
 protected:
  InList() {
    database_.exec("CREATE TABLE items (id bigint, name text, price numeric, sold date)");
    database_.exec(
        "INSERT INTO items VALUES (1, 'one', 1.50, '2024-01-01'), (2, 'two,{\"', 2,"
        " '2024-01-02'), (3000000000, '', 3, NULL), (NULL, NULL, NULL, NULL)");
  }

  /// The prices of the items that `condition` selects, cheapest first.
  std::string prices(const std::string& condition, const Params& params) {
    std::string list;
    const auto sql = "SELECT price FROM items WHERE " + condition + " ORDER BY price NULLS LAST";
    for (const auto& row : db_.execute_query(sql, params)) {
      list += row[0].is_null() ? "null " : row[0].as<std::string>() + " ";
    }
    return list;
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, one_connection());
};

TEST_F(InList, HoldsWhatTheVectorHolds) {
  EXPECT_EQ(prices("id IN (:ids)", {{"ids", std::vector<std::int64_t>{1, 3000000000}}}), "1.50 3 ");
  EXPECT_EQ(prices("id NOT IN (:ids)", {{"ids", std::vector{1, 5}}}), "2 3 ");
  const std::vector<std::string> names{"two,{\"", "", "NULL"};
  EXPECT_EQ(prices("name IN (:names)", {{"names", names}}), "2 3 ");
  EXPECT_EQ(prices("name NOT IN ( :names )", {{"names", names}}), "1.50 ");
  EXPECT_EQ(prices("price IN (:p)", {{"p", std::vector{Decimal{"1.5"}, Decimal{"2.00"}}}}),
            "1.50 2 ");
  EXPECT_EQ(prices("sold IN (:days)", {{"days", std::vector{Date::parse("2024-01-02")}}}), "2 ");
}

TEST_F(InList, ThatIsEmptyIsTheEmptySet) {
  const Params nothing{{"ids", std::vector<int>{}}};
  EXPECT_EQ(prices("id IN (:ids)", nothing), "");
  EXPECT_EQ(prices("id NOT IN (:ids)", nothing), "1.50 2 3 null ");
  EXPECT_EQ(prices("name IN (:ids)", nothing), "");
  EXPECT_EQ(prices("NOT (sold IN (:ids))", nothing), "1.50 2 3 null ");
}

TEST_F(InList, WithNullFollowsTheLogicOfSql) {
  const Params with_null{{"ids", std::vector<std::optional<int>>{1, std::nullopt}}};
  EXPECT_EQ(prices("id IN (:ids)", with_null), "1.50 ");
  EXPECT_EQ(prices("id NOT IN (:ids)", with_null), "") << "nothing is known to differ from NULL";
}

TEST_F(InList, MayStandAmongOtherEntries) {
  EXPECT_EQ(prices("id IN (:first, :more, 7)", {{"first", 1}, {"more", std::vector{2, 9}}}),
            "1.50 2 ");
  EXPECT_EQ(prices("id IN (:one)", {{"one", 2}}), "2 ") << "a value is a list of one";
  const auto error = thrown_by<InvalidArgument>([&] {
    prices("id IN (7, :none)", {{"none", std::vector<int>{}}});
  });
  EXPECT_NE(std::string{error.what()}.find("':none'"), std::string::npos) << error.what();
}

TEST_F(InList, MayBeUsedTwice_AndBesideOtherParameters) {
  EXPECT_EQ(prices("(id IN (:ids) AND price > :least) OR id + 1 NOT IN (:ids) AND id = ANY(:ids)",
                   {{"least", 1}, {"ids", std::vector{1, 2}}}),
            "1.50 2 ");
}

TEST_F(InList, TakesMoreValuesThanTheProtocolTakesParameters) {
  std::vector<int> many(100'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<int>(i) + 2;
  EXPECT_EQ(prices("id IN (:many)", {{"many", many}}), "2 ");
  const auto error = thrown_by<InvalidArgument>([&] {
    prices("id IN (1, :many)", {{"many", many}});
  });
  EXPECT_NE(std::string{error.what()}.find("65535"), std::string::npos) << error.what();
}

}  // namespace
}  // namespace flowdb::test
