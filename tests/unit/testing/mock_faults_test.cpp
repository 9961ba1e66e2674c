#include <chrono>
#include <future>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "support/wait_until.hpp"
#include "unit/testing/mock_test_support.hpp"

namespace flowdb::testing {
namespace {

using mock_test::impatient_options;
using mock_test::serialization_failure;
using mock_test::thrown_by;
using test_support::wait_until;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* kWrite = "UPDATE t SET a = 1";
constexpr const char* kRead = "SELECT a FROM t";

/// One connection in all, so that what became of it shows.
DatabaseOptions narrow_options() {
  auto options = impatient_options();
  options.pool_size = 1;
  options.max_overflow = 0;
  return options;
}

class MockFaultsTest : public ::testing::Test {
 protected:
  MockDatabaseManager db{"mock", narrow_options()};
};

TEST_F(MockFaultsTest, AWriteThatWasNotSent_IsTriedAgain) {
  db.when(kWrite).disconnects_before().disconnects_before().affects(1);
  EXPECT_EQ(db.execute_query_with_retry(kWrite).affected_rows(), 1U);
  EXPECT_EQ(db.call_count(kWrite), 3U);
}

TEST_F(MockFaultsTest, TheLastError_ComesThrough_WhenTheAttemptsAreUsedUp) {
  db.when(kWrite).disconnects_before();
  const auto error = thrown_by<ConnectionError>([&] { db.execute_query_with_retry(kWrite); });
  EXPECT_EQ(error.phase(), Phase::not_sent);
  EXPECT_TRUE(error.is_transient());
  EXPECT_EQ(db.call_count(kWrite), 3U);
}

TEST_F(MockFaultsTest, AnythingIsTriedOnce_WithoutRetry) {
  db.when(kWrite).disconnects_before().affects(1);
  EXPECT_THROW(db.execute_query(kWrite), ConnectionError);
  EXPECT_EQ(db.execute_query(kWrite).affected_rows(), 1U);
}

TEST_F(MockFaultsTest, AWriteWhoseAnswerWasLost_IsTriedAgain_OnlyWhenDeclaredIdempotent) {
  db.when(kWrite).disconnects_after().affects(1);
  const auto error = thrown_by<CommitUnknownError>([&] { db.execute_query_with_retry(kWrite); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_EQ(error.phase(), Phase::sent);
  EXPECT_THAT(error.what(), HasSubstr("UPDATE t SET a = ?"));
  EXPECT_EQ(db.call_count(kWrite), 1U);
  db.when(kWrite).disconnects_after().affects(1);
  EXPECT_EQ(db.execute_query_with_retry(kWrite, {}, true).affected_rows(), 1U);
  EXPECT_EQ(db.call_count(kWrite), 3U);
}

TEST_F(MockFaultsTest, AReadWhoseAnswerWasLost_IsTriedAgain_OnlyWhenDeclaredIdempotent) {
  db.when(kRead).disconnects_after().returns(make_rows({"a"}, {{1}}));
  const auto error = thrown_by<ConnectionError>([&] { db.execute_query_with_retry(kRead); });
  EXPECT_EQ(error.phase(), Phase::sent);
  EXPECT_TRUE(error.is_outcome_unknown()) << "a function in it may have written";
  EXPECT_FALSE(error.is_transient());
  EXPECT_EQ(db.call_count(kRead), 1U);
  db.when(kRead).disconnects_after().returns(make_rows({"a"}, {{1}}));
  EXPECT_EQ(db.execute_query_with_retry(kRead, {}, true).scalar<int>(), 1);
}

TEST_F(MockFaultsTest, AConflictIsTriedAgain_APermanentErrorIsNot) {
  db.when(kWrite).fails_with(serialization_failure()).affects(1);
  EXPECT_EQ(db.execute_query_with_retry(kWrite).affected_rows(), 1U);
  db.when(kRead).fails_with(QueryError{"no such table", {.sqlstate = "42P01"}});
  EXPECT_THROW(db.execute_query_with_retry(kRead, {}, true), QueryError);
  EXPECT_EQ(db.call_count(kRead), 1U);
}

TEST_F(MockFaultsTest, RefusedConnections_AreTriedAgain) {
  db.when(kWrite).affects(1);
  db.refuse_connections(2);
  EXPECT_EQ(db.execute_query_with_retry(kWrite).affected_rows(), 1U);
  db.dispose();
  db.refuse_connections(1);
  const auto error = thrown_by<ConnectionError>([&] { db.execute_query(kWrite); });
  EXPECT_TRUE(error.is_transient());
  EXPECT_EQ(db.call_count(kWrite), 1U);
  EXPECT_EQ(db.execute_query(kWrite).affected_rows(), 1U);
}

TEST_F(MockFaultsTest, ADelayBeyondTheDeadline_IsATimeout_AndTheConnectionServesOn) {
  db.when(kWrite).delayed_by(1h).affects(1).affects(2);
  const auto start = std::chrono::steady_clock::now();
  const auto error =
      thrown_by<TimeoutError>([&] { db.execute_query_with_timeout(kWrite, {}, 30ms); });
  const auto elapsed = std::chrono::steady_clock::now() - start;
  EXPECT_GE(elapsed, 30ms);
  EXPECT_LT(elapsed, 5s);
  EXPECT_EQ(error.sqlstate(), "57014");
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_EQ(db.execute_query(kWrite).affected_rows(), 2U);
}

TEST_F(MockFaultsTest, ADelayWithinTheDeadline_IsWaitedFor) {
  db.when(kRead).returns(make_rows({"a"}, {{1}})).delayed_by(20ms);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(db.execute_query(kRead).scalar<int>(), 1);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST_F(MockFaultsTest, AConnectionIsClosed_OnlyAfterAnErrorThatBreaksIt) {
  db.when(kRead)
      .fails_with(QueryError{"no such table", {.sqlstate = "42P01"}})
      .fails_with(ConnectionError{"reset by peer", {.transient = true, .phase = Phase::sent}})
      .returns(make_rows({"a"}, {{1}}));
  EXPECT_THROW(db.execute_query(kRead), QueryError);
  db.refuse_connections(1);
  EXPECT_EQ(thrown_by<ConnectionError>([&] { db.execute_query(kRead); }).phase(), Phase::sent);
  const auto refused = thrown_by<ConnectionError>([&] { db.execute_query(kRead); });
  EXPECT_EQ(refused.phase(), Phase::not_sent);
  EXPECT_EQ(db.execute_query(kRead).scalar<int>(), 1);
}

/// While it lives, the database's only connection is busy with a statement.
class BusyConnection {
 public:
  explicit BusyConnection(MockDatabaseManager& db) {
    db.when("SELECT pg_sleep(1)").answers([go_on = go_on_.get_future().share()](const Call&) {
      go_on.wait();
      return make_affected(0);
    });
    thread_ = std::thread{[&db] { db.execute_query("SELECT pg_sleep(1)"); }};
    EXPECT_TRUE(wait_until([&] { return db.call_count("SELECT pg_sleep(1)") == 1; }));
  }
  BusyConnection(const BusyConnection&) = delete;
  BusyConnection& operator=(const BusyConnection&) = delete;
  ~BusyConnection() {
    go_on_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> go_on_;
  std::thread thread_;
};

TEST_F(MockFaultsTest, AnExhaustedPool_IsAPoolTimeoutError_AndNothingIsSent) {
  {
    const BusyConnection busy{db};
    EXPECT_EQ(db.get_pool_status().checked_out, 1U);
    const auto error =
        thrown_by<PoolTimeoutError>([&] { db.execute_query_with_timeout("SELECT 1", {}, 30ms); });
    EXPECT_TRUE(error.is_transient());
    EXPECT_EQ(error.phase(), Phase::not_sent);
    EXPECT_EQ(db.call_count("SELECT 1"), 0U);
  }
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST_F(MockFaultsTest, WaitingForTheConnectionOfItsOwnTransaction_IsRefusedAtOnce) {
  db.when(kWrite).affects(1);
  EXPECT_THROW(db.transaction([&](Transaction&) { db.execute_query(kWrite); }), InvalidArgument);
  EXPECT_EQ(db.rollbacks(), 1U);
}

TEST_F(MockFaultsTest, HealthIsGood_UntilTheServerSaysOtherwise) {
  const auto healthy = db.health_check();
  EXPECT_EQ(healthy.status, Health::healthy) << healthy.error.value_or("");
  EXPECT_TRUE(healthy.connection && healthy.query_test);
  EXPECT_EQ(healthy.database_type, "mock");
  EXPECT_FALSE(healthy.migration_status.has_value());

  db.when("SELECT 1").fails_with(QueryError{"out of memory", {.sqlstate = "53200"}}).times(1);
  const auto degraded = db.health_check();
  EXPECT_EQ(degraded.status, Health::degraded);
  EXPECT_TRUE(degraded.connection);
  EXPECT_FALSE(degraded.query_test);

  db.dispose();
  db.refuse_connections(1);
  const auto unhealthy = db.health_check();
  EXPECT_EQ(unhealthy.status, Health::unhealthy);
  EXPECT_FALSE(unhealthy.connection);
  EXPECT_TRUE(unhealthy.error.has_value());
}

TEST_F(MockFaultsTest, HealthIsDegraded_WhenThePoolIsExhausted) {
  const BusyConnection busy{db};
  const auto health = db.health_check();
  EXPECT_EQ(health.status, Health::degraded);
  EXPECT_FALSE(health.query_test);
}

}  // namespace
}  // namespace flowdb::testing
