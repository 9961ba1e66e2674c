#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/testing/mock_database_manager.hpp>

#include "integration/log_capture.hpp"
#include "unit/config/canary_support.hpp"
#include "unit/testing/mock_test_support.hpp"

namespace flowdb::testing {
namespace {

using config_test::kCanary;
using config_test::throws_without_canary;

class BoundCanary : public ::testing::Test {
 protected:
  BoundCanary() { db_.set_strict(false); }

  void expect_silent_log(const std::string& input) {
    for (const auto& record : log_.records()) config_test::expect_no_canary(record, input);
  }

  test::LogCapture log_;
  MockDatabaseManager db_{"rpa_db", mock_test::impatient_options()};
  const Params params_{{"id", 1}, {"name", kCanary}, {"note", "note " + kCanary}};
};

TEST_F(BoundCanary, IsInNoErrorAboutAStatement) {
  config_test::Mutation mutation;
  const std::vector<std::string> originals{
      "INSERT INTO t (id, name, note) VALUES (:id, :name, :note)",
      "SELECT $$ : $$, 'it''s', \"x\" FROM t WHERE id = :id AND name = :name /* a */ AND note = "
      ":note",
      "UPDATE t SET note = :note WHERE name IN (:name) AND id::text = :id::text -- :none",
  };
  int refused = 0;
  for (const auto& original : originals) {
    for (int i = 0; i < 1200; ++i) {
      const auto sql = mutation.apply(original);
      refused += throws_without_canary(sql, [&] { db_.execute_query(sql, params_); });
      throws_without_canary(sql, [&] { db_.execute_query_with_retry(sql, params_); });
      throws_without_canary(sql, [&] { db_.execute_batch(sql, {params_, params_}); });
      throws_without_canary(sql, [&] { db_.execute_transaction({{sql, params_}, {sql}}); });
      throws_without_canary(sql, [&] { db_.stream_query(sql, params_); });
      throws_without_canary(sql, [&] { db_.bulk_insert(sql, {"id", sql}, {{1, kCanary}, {2}}); });
    }
    expect_silent_log(original);
  }
  EXPECT_GT(refused, 300);
}

TEST_F(BoundCanary, IsInNoErrorOfAServerOrAConnection) {
  const std::string sql = "INSERT INTO t VALUES (:id, :name, :note)";
  const auto fail = [&](const std::function<void(Expectation)>& arm) {
    arm(db_.when(sql));
    EXPECT_TRUE(throws_without_canary(sql, [&] { db_.execute_query(sql, params_); }));
    throws_without_canary(sql, [&] { db_.execute_transaction({{sql, params_}}); });
  };
  fail([](Expectation expectation) { expectation.disconnects_before(); });
  fail([](Expectation expectation) { expectation.disconnects_after(); });
  fail([](Expectation expectation) {
    expectation.fails_with(QueryError{"refused", {.sqlstate = "22001"}});
  });
  db_.dispose();
  db_.refuse_connections(100);
  EXPECT_TRUE(throws_without_canary(sql, [&] { db_.execute_query(sql, params_); }));
  expect_silent_log(sql);
}

TEST_F(BoundCanary, IsInNoErrorAboutReadingAnAnswer) {
  const auto rows = make_rows({"name"}, {{kCanary}});
  EXPECT_TRUE(throws_without_canary("bool", [&] { rows.scalar<bool>(); }));
  EXPECT_TRUE(throws_without_canary("int", [&] { rows.scalar<int>(); }));
  EXPECT_TRUE(throws_without_canary("double", [&] { rows.scalar<double>(); }));
  EXPECT_TRUE(throws_without_canary("Decimal", [&] { rows.scalar<Decimal>(); }));
  EXPECT_TRUE(throws_without_canary("Date", [&] { rows.scalar<Date>(); }));
  EXPECT_TRUE(throws_without_canary("column", [&] { rows[0]["no"].as<int>(); }));
}

}  // namespace
}  // namespace flowdb::testing
