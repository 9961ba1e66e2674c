#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "testing/mock_cursor.hpp"
#include "unit/testing/mock_test_support.hpp"

namespace flowdb::testing {
namespace {

using mock_test::thrown_by;
using ::testing::HasSubstr;

constexpr const char* kInsert = "INSERT INTO t (a) VALUES (:a)";

TEST(MockBatch, IsOneCallForEachParameterSet_InOneTransaction) {
  MockDatabaseManager db;
  db.when(kInsert).affects(1);
  EXPECT_EQ(db.execute_batch(kInsert, {{{"a", 1}}, {{"a", 2}}, {{"a", 3}}}), 3U);
  const auto calls = db.calls();
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(*calls[2].params.find("a"), Value{3});
  EXPECT_TRUE(calls[2].in_transaction);
  EXPECT_EQ(db.commits(), 1U);
}

TEST(MockBatch, RollsBackAsAWhole_WhenOneSetFails) {
  MockDatabaseManager db;
  db.when(kInsert).affects(1).fails_with(ConstraintError{"no", {.sqlstate = "23505"}});
  EXPECT_THROW(db.execute_batch(kInsert, {{{"a", 1}}, {{"a", 1}}, {{"a", 2}}}), ConstraintError);
  EXPECT_EQ(db.calls().size(), 2U);
  EXPECT_EQ(db.commits(), 0U);
  EXPECT_EQ(db.rollbacks(), 1U);
}

TEST(MockBulkInsert, IsACopyThatCanBeExpected_WithTheRowsInItsCall) {
  constexpr const char* copy = R"(COPY "sales"."orders" ("id", "name") FROM STDIN)";
  MockDatabaseManager db;
  db.when(copy);
  EXPECT_EQ(db.bulk_insert("sales.orders", {"id", "name"}, {{1, "Ada"}, {2, nullptr}}), 2U);
  ASSERT_EQ(db.call_count(copy), 1U);
  const auto call = db.calls()[0];
  EXPECT_EQ(call.rows, (std::vector<std::vector<Value>>{{1, "Ada"}, {2, nullptr}}));
  db.when(copy).affects(7);
  EXPECT_EQ(db.bulk_insert("sales.orders", {"id", "name"}, {{1, "Ada"}}), 7U);
  db.when(copy).disconnects_after();
  EXPECT_THROW(db.bulk_insert("sales.orders", {"id", "name"}, {{1, "Ada"}}), CommitUnknownError);
}

TEST(MockStream, GivesTheScriptedRows_InSeveralBlocks) {
  constexpr int kRows = 5000;
  std::vector<std::vector<Value>> values;
  for (int id = 0; id < kRows; ++id) {
    values.push_back({id, std::string(50, 'x'), nullptr});
  }
  DatabaseOptions options;
  options.pool_size = 1;
  options.max_overflow = 0;
  MockDatabaseManager db{"mock", options};
  db.when("SELECT id, text, nothing FROM t WHERE a = :a")
      .returns(make_rows({"id", "text", "nothing"}, values));
  auto stream = db.stream_query("SELECT id, text, nothing FROM t WHERE a = :a", {{"a", 1}});
  EXPECT_EQ(stream.columns().size(), 3U);
  int expected = 0;
  for (const auto& row : stream) {
    ASSERT_EQ(row["id"].as<int>(), expected++);
    ASSERT_TRUE(row["nothing"].is_null());
    if (expected == 1) {
      EXPECT_EQ(db.get_pool_status().checked_out, 1U);  // more blocks are to come
    }
  }
  EXPECT_EQ(expected, kRows);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);  // the only connection is back
}

TEST(MockCursor, BoundsItsBlocks) {
  const std::string large(30'000, 'x');
  const std::vector<std::vector<Value>> rows(10, {large});
  MockCursor cursor{make_rows({"a"}, rows)};
  std::size_t count = 0;
  for (auto block = cursor.next(Deadline::never()); !block.empty();
       block = cursor.next(Deadline::never())) {
    EXPECT_LE(block.size(), 3U);
    count += block.size();
  }
  EXPECT_EQ(count, rows.size());
}

TEST(MockStream, LeftEarly_GivesItsConnectionBack) {
  DatabaseOptions options;
  options.pool_size = 1;
  options.max_overflow = 0;
  MockDatabaseManager db{"mock", options};
  const std::string large(60'000, 'x');
  db.when("SELECT a").returns(make_rows({"a"}, {{large}, {large}, {large}, {large}}));
  for (const auto& row : db.stream_query("SELECT a")) {
    EXPECT_EQ(row["a"].as<std::string>(), large);
    break;
  }
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
  db.when("SELECT a").fails_with(QueryError{"no such column", {.sqlstate = "42703"}});
  EXPECT_THROW(db.stream_query("SELECT a"), QueryError);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST(MockReadOnly, RefusesWrites_AsThePostgresqlServerDoes) {
  DatabaseOptions options;
  options.read_only = true;
  MockDatabaseManager survey_hub{"SurveyHub", options};
  survey_hub.set_strict(false);
  EXPECT_NO_THROW(survey_hub.execute_query("SELECT a FROM t"));
  for (const auto* sql : {"DELETE FROM t", "CREATE TABLE u (a int)"}) {
    const auto error = thrown_by<QueryError>([&] { survey_hub.execute_query(sql); });
    EXPECT_EQ(error.sqlstate(), "25006") << sql;
  }
  EXPECT_THROW(survey_hub.bulk_insert("t", {"a"}, {{1}}), QueryError);
  EXPECT_THROW(survey_hub.run_migrations(), ConfigurationError);

  MockDatabaseManager db;
  db.set_strict(false);
  const TransactionOptions read_only{.read_only = true};
  const auto write = [](Transaction& tx) { tx.execute_query("DELETE FROM t"); };
  EXPECT_EQ(thrown_by<QueryError>([&] { db.transaction(write, read_only); }).sqlstate(), "25006");
  EXPECT_NO_THROW(db.transaction(write));
  EXPECT_NO_THROW(db.transaction([](Transaction&) {}, read_only));
  EXPECT_NO_THROW(db.execute_query("DELETE FROM t"));
}

TEST(MockPool, OpensAnew_AfterDispose) {
  MockDatabaseManager db;
  db.set_strict(false);
  EXPECT_EQ(db.get_pool_status().database_name, "mock");
  db.execute_query("SELECT 1");
  EXPECT_EQ(db.get_pool_status().checked_in, 1U);
  db.dispose();
  EXPECT_EQ(db.get_pool_status().total_connections, 0U);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

}  // namespace
}  // namespace flowdb::testing
