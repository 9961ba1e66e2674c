#include "backend/postgresql/prepared_statements.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowdb::backend::postgresql {
namespace {

using testing::ElementsAre;

constexpr Oid kInt4 = 23;
constexpr Oid kInt8 = 20;

/// Uses the statement twice, as a caller does that prepares it.
std::string prepare(PreparedStatements& statements, const std::string& text) {
  statements.use(text, {kInt4});
  auto* statement = statements.use(text, {kInt4});
  if (statement == nullptr) return {};
  statement->prepared = true;
  return statement->name;
}

TEST(PreparedStatements, PrepareWhatComesASecondTime) {
  PreparedStatements statements{4};
  EXPECT_EQ(statements.use("SELECT $1", {kInt4}), nullptr);
  auto* const again = statements.use("SELECT $1", {kInt4});
  ASSERT_NE(again, nullptr);
  EXPECT_FALSE(again->prepared);
  again->prepared = true;
  EXPECT_EQ(statements.use("SELECT $1", {kInt4}), again);
  EXPECT_EQ(statements.use("SELECT $1", {kInt8}), nullptr) << "other types, another statement";
  const auto name = again->name;
  EXPECT_NE(statements.use("SELECT $1", {kInt8})->name, name);
}

TEST(PreparedStatements, DropWhatWasNotUsedForLongest_AndSayWhatTheServerStillHolds) {
  PreparedStatements statements{2};
  const auto a = prepare(statements, "a");
  const auto b = prepare(statements, "b");
  EXPECT_NE(statements.use("a", {kInt4}), nullptr);
  statements.use("c", {kInt4});
  EXPECT_THAT(statements.superfluous(), ElementsAre(b));
  EXPECT_EQ(statements.use("a", {kInt4})->name, a);
  statements.use("d", {kInt4});
  EXPECT_THAT(statements.superfluous(), ElementsAre(b)) << "c was never prepared";
  statements.forget_superfluous();
  EXPECT_NE(prepare(statements, "b"), b) << "no name is given twice";
}

TEST(PreparedStatements, FindOnlyWhatTheServerKnows) {
  PreparedStatements statements{2};
  statements.use("a", {kInt4});
  statements.use("a", {kInt4});
  EXPECT_EQ(statements.find_prepared("a", {kInt4}), nullptr);
  const auto name = prepare(statements, "a");
  EXPECT_EQ(statements.find_prepared("a", {kInt4})->name, name);
  EXPECT_EQ(statements.find_prepared("a", {kInt8}), nullptr);
}

TEST(PreparedStatements, AreToBeFreed_WhenRetired) {
  PreparedStatements statements{3};
  const auto a = prepare(statements, "a");
  const auto b = prepare(statements, "b");
  statements.use("c", {kInt4});
  statements.retire_all();
  EXPECT_THAT(statements.superfluous(), ElementsAre(a, b));
  EXPECT_EQ(statements.use("a", {kInt4}), nullptr) << "it comes for the first time";
}

TEST(PreparedStatements, KnowNothing_WhenClearedDisabledOrWithoutRoom) {
  PreparedStatements statements{2};
  prepare(statements, "a");
  prepare(statements, "b");
  statements.use("c", {kInt4});
  statements.clear();
  EXPECT_TRUE(statements.superfluous().empty());
  EXPECT_EQ(statements.use("a", {kInt4}), nullptr);
  statements.disable();
  EXPECT_EQ(prepare(statements, "a"), "");
  PreparedStatements none{0};
  EXPECT_EQ(prepare(none, "a"), "");
  PreparedStatements some{2};
  EXPECT_EQ(prepare(some, std::string(100'000, ' ')), "") << "too long to be kept twice over";
}

}  // namespace
}  // namespace flowdb::backend::postgresql
