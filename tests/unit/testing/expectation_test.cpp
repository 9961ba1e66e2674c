#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "unit/config/config_test_support.hpp"
#include "unit/testing/mock_test_support.hpp"

namespace flowdb::testing {
namespace {

using mock_test::thrown_by;
using ::testing::HasSubstr;
using ::testing::Not;

/// A flow's code: it takes a DatabaseManager and cannot tell what is behind it.
std::string name_of(DatabaseManager& db, int id) {
  return db.execute_query("SELECT name\n  FROM customers\n WHERE id = :id", {{"id", id}})
      .scalar<std::string>();
}

TEST(Expectation, AnswersAFlow_ByItsStatementsTextWithWhiteSpaceFolded) {
  MockDatabaseManager db{"rpa_db"};
  db.when("SELECT name FROM customers WHERE id = :id").returns(make_rows({"name"}, {{"Ada"}}));
  EXPECT_EQ(name_of(db, 7), "Ada");
  EXPECT_EQ(db.database_name(), "rpa_db");
  EXPECT_EQ(db.database_type(), DatabaseType::mock);
  ASSERT_EQ(db.calls().size(), 1U);
  EXPECT_EQ(*db.calls()[0].params.find("id"), Value{7});
  EXPECT_FALSE(db.calls()[0].in_transaction);
  EXPECT_EQ(db.call_count(" SELECT name FROM customers\tWHERE id = :id "), 1U);
  db.clear_calls();
  EXPECT_TRUE(db.calls().empty());
}

TEST(Expectation, WinsOverEarlierOnes_UntilItIsUsedUp) {
  MockDatabaseManager db;
  db.when("SELECT n").returns(make_rows({"n"}, {{1}}));
  db.when("SELECT n").returns(make_rows({"n"}, {{2}})).times(2);
  db.when([](const Call& call) { return call.sql == "SELECT n"; })
      .returns(make_rows({"n"}, {{3}}))
      .times(1);
  std::vector<int> seen;
  for (int call = 0; call < 5; ++call) {
    seen.push_back(db.execute_query("SELECT n").scalar<int>());
  }
  EXPECT_EQ(seen, (std::vector<int>{3, 2, 2, 1, 1}));
}

TEST(Expectation, GivesItsAnswersInARow_TheLastOneForEver) {
  MockDatabaseManager db;
  db.when("UPDATE t SET a = :a")
      .affects(1)
      .fails_with(ConstraintError{"no", {.sqlstate = "23514", .constraint = "a_check"}})
      .answers([](const Call& call) {
        return make_affected(
            static_cast<std::uint64_t>(std::get<std::int64_t>(call.params.find("a")->data())));
      });
  const auto update = [&](int a) {
    return db.execute_query("UPDATE t SET a = :a", {{"a", a}}).affected_rows();
  };
  EXPECT_EQ(update(9), 1U);
  const auto error = thrown_by<ConstraintError>([&] { update(9); });
  EXPECT_EQ(error.constraint_name(), "a_check");
  EXPECT_EQ(update(5), 5U);
  EXPECT_EQ(update(6), 6U);
}

TEST(Expectation, WithoutAnAnswer_MeansNoRows) {
  MockDatabaseManager db;
  db.when("DELETE FROM t");
  const auto result = db.execute_query("DELETE FROM t");
  EXPECT_TRUE(result.empty());
  EXPECT_EQ(result.affected_rows(), 0U);
}

TEST(StrictMode, RefusesAnUnexpectedStatement_AndShowsNoValue) {
  MockDatabaseManager db{"rpa_db"};
  const auto error = thrown_by<QueryError>([&] {
    db.execute_query("SELECT a FROM t WHERE b = :b AND c = 'topsecret' AND d = 4711",
                     {{"b", "alsosecret"}});
  });
  EXPECT_THAT(error.what(), HasSubstr("SELECT a FROM t WHERE b = :b AND c = ? AND d = ?"));
  EXPECT_THAT(error.what(), HasSubstr("when("));
  EXPECT_THAT(error.what(), HasSubstr("rpa_db"));
  for (const auto* value : {"topsecret", "alsosecret", "4711"}) {
    EXPECT_THAT(error.what(), Not(HasSubstr(value)));
  }
  EXPECT_EQ(error.database_name(), "rpa_db");
  EXPECT_EQ(db.calls().size(), 1U);
}

TEST(StrictMode, SwitchedOff_AnswersNoRows) {
  MockDatabaseManager db;
  db.set_strict(false);
  EXPECT_TRUE(db.execute_query("SELECT a FROM t").empty());
  EXPECT_EQ(db.bulk_insert("t", {"a"}, {{1}, {2}}), 2U);
  db.set_strict(true);
  EXPECT_THROW(db.execute_query("SELECT a FROM t"), QueryError);
  EXPECT_THROW(db.bulk_insert("t", {"a"}, {{1}}), QueryError);
}

TEST(MockDatabaseManager, RefusesMisuse_AsTheRealServersDo_BeforeItReachesTheServer) {
  MockDatabaseManager db;
  db.set_strict(false);
  EXPECT_THAT(thrown_by<InvalidArgument>([&] {
                db.execute_query("SELECT :a, :b", {{"a", 1}});
              }).what(),
              HasSubstr(":b"));
  EXPECT_THAT(thrown_by<InvalidArgument>([&] {
                db.execute_query("SELECT 2", {{"c", 1}});
              }).what(),
              HasSubstr(":c"));
  for (const auto* sql : {"", "SELECT 1; SELECT 2", "COMMIT", "COPY t FROM STDIN"}) {
    EXPECT_THROW(db.execute_query(sql), InvalidArgument) << sql;
  }
  EXPECT_THROW(db.bulk_insert("t", {"a", "b"}, {{1}}), InvalidArgument);
  EXPECT_THROW(db.when("  "), InvalidArgument);
  EXPECT_THROW(db.when("SELECT 2").times(-1), InvalidArgument);
  EXPECT_TRUE(db.calls().empty());
}

TEST(MockDatabaseManager, ReadsNoConfiguration) {
  const config_test::ScopedVariable environment{"FLOWDB_ENVIRONMENT", "no such environment"};
  const config_test::ScopedVariable project_root{"FLOWDB_PROJECT_ROOT", "/no such directory"};
  const config_test::ScopedVariable pool_size{"DEVELOPMENT_GLOBAL_MOCK_POOL_SIZE", "many"};
  MockDatabaseManager db;
  EXPECT_EQ(db.get_pool_status().pool_size, 5U);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST(MockDatabaseManager, HasAServerOfItsOwn_AndCanBeMoved) {
  MockDatabaseManager one{"rpa_db"};
  MockDatabaseManager other{"rpa_db"};
  auto expectation = one.when("SELECT n");
  expectation.returns(make_rows({"n"}, {{1}}));
  EXPECT_THROW(other.execute_query("SELECT n"), QueryError);
  MockDatabaseManager moved{std::move(one)};
  EXPECT_EQ(moved.execute_query("SELECT n").scalar<int>(), 1);
  EXPECT_EQ(moved.calls().size(), 1U);
}

TEST(MockDatabaseManager, CountsEveryCall_OfManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kCalls = 200;
  DatabaseOptions options;
  options.pool_size = 3;
  options.max_overflow = 0;
  MockDatabaseManager db{"mock", options};
  db.when("SELECT n").returns(make_rows({"n"}, {{0}}));
  db.when("SELECT n").returns(make_rows({"n"}, {{1}})).times(kThreads * kCalls / 2);
  std::atomic<int> sum = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int call = 0; call < kCalls; ++call) {
        sum += db.execute_query("SELECT n").scalar<int>();
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(sum, kThreads * kCalls / 2);
  EXPECT_EQ(db.call_count("SELECT n"), static_cast<std::size_t>(kThreads * kCalls));
  EXPECT_LE(db.get_pool_status().total_connections, 3U);
}

}  // namespace
}  // namespace flowdb::testing
