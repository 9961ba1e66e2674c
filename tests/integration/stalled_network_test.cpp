#include <chrono>
#include <functional>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;

/// A network that swallows everything from one moment on.
class StalledNetworkTiming : public testing::Test {
 protected:
  using Body = std::function<void(Transaction&)>;

  StalledNetworkTiming() {
    database_.exec("CREATE TABLE t (id int)");
    db_.execute_query("SELECT 1");
  }

  static DatabaseOptions half_a_second() {
    auto options = one_connection();
    options.timeout = 500ms;
    return options;
  }

  /// `call` must fail with an E that comes in time, and the manager work again once the network
  /// does.
  template <class E, class Call>
  E fails_in_time(Call call) {
    const Stopwatch stopwatch;
    const auto error = thrown_by<E>(call);
    EXPECT_LE(stopwatch.elapsed(), 500ms + grace);
    proxy_.heal();
    EXPECT_EQ(db_.execute_query_with_timeout("SELECT 42", {}, 10s).template scalar<int>(), 42);
    return error;
  }
  /// The same for a transaction whose network stalls after `before` and which goes on with `after`.
  template <class E>
  E transaction_fails_in_time(const char* before, const Body& after) {
    return fails_in_time<E>([&] {
      db_.transaction([&](Transaction& tx) {
        tx.execute_query(before);
        proxy_.stall();
        after(tx);
      });
    });
  }

  test_support::TestDatabase database_;
  test_support::ChaosProxy proxy_{database_.url()};
  DatabaseManager db_ = manager_for(proxy_.url(), half_a_second());
};

void fail(Transaction&) {
  throw std::runtime_error("the flow's own");
}

TEST_F(StalledNetworkTiming, LeavesTheOutcomeUnknown_UnlessNothingCouldBeWritten) {
  proxy_.stall();
  const auto write =
      fails_in_time<TimeoutError>([&] { db_.execute_query("INSERT INTO t VALUES (1)"); });
  EXPECT_TRUE(write.is_outcome_unknown());
  EXPECT_FALSE(write.is_transient());
  db_.execute_query("SELECT 1");
  proxy_.stall();
  const auto select = fails_in_time<TimeoutError>([&] { db_.execute_query("SELECT 2"); });
  EXPECT_TRUE(select.is_outcome_unknown()) << "a function in it may have written";
  auto options = half_a_second();
  options.read_only = true;
  auto reader = manager_for(proxy_.url(), options);
  reader.execute_query("SELECT 1");
  proxy_.stall();
  const auto read = fails_in_time<TimeoutError>([&] { reader.execute_query("SELECT 1"); });
  EXPECT_FALSE(read.is_outcome_unknown());
}

TEST_F(StalledNetworkTiming, EndsATransactionInTime_WhateverStandsBeforeItsEnd) {
  const auto in_statement = transaction_fails_in_time<TimeoutError>(
      "INSERT INTO t VALUES (1)", [](Transaction& tx) { tx.execute_query("SELECT 1"); });
  EXPECT_FALSE(in_statement.is_outcome_unknown()) << "COMMIT was never sent";
  transaction_fails_in_time<std::runtime_error>("INSERT INTO t VALUES (2)", fail);
  const auto swallowed = transaction_fails_in_time<TimeoutError>(
      "INSERT INTO t VALUES (4)",
      [](Transaction& tx) { thrown_by<TimeoutError>([&] { tx.execute_query("SELECT 1"); }); });
  EXPECT_FALSE(swallowed.is_outcome_unknown()) << "nor here";
  const auto in_savepoints = fails_in_time<std::runtime_error>([&] {
    db_.transaction([&](Transaction& tx) {
      tx.savepoint([&](Transaction& outer) {
        outer.savepoint([&](Transaction& inner) {
          inner.execute_query("INSERT INTO t VALUES (3)");
          proxy_.stall();
          fail(inner);
        });
      });
    });
  });
  EXPECT_STREQ(in_savepoints.what(), "the flow's own");
  EXPECT_EQ(database_.scalar("SELECT count(*) FROM t"), "0");
}

TEST_F(StalledNetworkTiming, LeavesTheOutcomeOfACommitUnknown) {
  const auto error =
      transaction_fails_in_time<TimeoutError>("INSERT INTO t VALUES (1)", [](Transaction&) {});
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_EQ(error.phase(), Phase::committing);
}

TEST_F(StalledNetworkTiming, DoesNotDelayTheReturnOfAConnectionThatNeedsAReset) {
  transaction_fails_in_time<std::runtime_error>("SET search_path = pg_catalog", fail);
}

TEST_F(StalledNetworkTiming, EndsABatchAndABulkInsertInTime) {
  const std::vector<std::vector<Value>> rows(200'000, {1});
  const std::vector<Params> sets(20'000, Params{{"id", 1}});
  proxy_.stall();
  const auto bulk = fails_in_time<TimeoutError>([&] { db_.bulk_insert("t", {"id"}, rows); });
  EXPECT_TRUE(bulk.is_outcome_unknown());
  const auto batch = transaction_fails_in_time<TimeoutError>(
      "SELECT 1", [&](Transaction& tx) { tx.execute_batch("INSERT INTO t VALUES (:id)", sets); });
  EXPECT_FALSE(batch.is_outcome_unknown());
}

}  // namespace
}  // namespace flowdb::test
