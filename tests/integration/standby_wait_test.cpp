// A commit that waits for a synchronous standby: the server lets a cancellation or a timeout break
// the wait off, and reports success all the same.
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/observer.hpp"
#include "support/postgres_cluster.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::Observer;
using test_support::PostgresCluster;
using test_support::Replication;
using test_support::wait_until;

class StandbyWait : public testing::Test {
 protected:
  StandbyWait() {
    observer_.exec("CREATE TABLE t (id int)");
    standby_.kill();
  }

  static void insert(Transaction& tx) { tx.execute_query("INSERT INTO t VALUES (1)"); }
  std::string rows() { return observer_.scalar("SELECT count(*) FROM t"); }
  /// Breaks off the wait of the commit that is under way.
  void break_off() {
    ASSERT_TRUE(wait_until([&] {
      return observer_.scalar(
                 "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
                 " WHERE wait_event = 'SyncRep'") == "1";
    }));
  }

  PostgresCluster primary_;
  Observer observer_{primary_.url()};
  PostgresCluster standby_{primary_, Replication::synchronous};
  DatabaseManager db_ = manager_for(primary_.url());
};

TEST_F(StandbyWait, IsATimeoutWithUnknownOutcome_WhenTheDeadlineBreaksItOff) {
  auto hurried = manager_for(primary_.url(), {.timeout = 700ms});
  const std::vector<std::function<void()>> writes{
      [&] { hurried.execute_query("INSERT INTO t VALUES (1)"); },
      [&] {
        hurried.execute_transaction({{"INSERT INTO t VALUES (1)", {}}});
      },
      [&] {
        hurried.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", 1}}, {{"id", 2}}});
      },
      [&] { hurried.bulk_insert("t", {"id"}, {{1}}); }};
  for (const auto& write : writes) {
    const auto error = thrown_by<TimeoutError>(write);
    EXPECT_TRUE(error.is_outcome_unknown()) << error.what();
    EXPECT_FALSE(error.is_transient());
  }
  EXPECT_EQ(rows(), "5") << "this server has them; it alone";
}

TEST_F(StandbyWait, LeavesTheOutcomeOfAWriteUnknown_WhenAnAdministratorBreaksItOff) {
  auto write = std::async(std::launch::async, [&] {
    return thrown_by<CommitUnknownError>([&] { db_.execute_query("INSERT INTO t VALUES (1)"); });
  });
  break_off();
  EXPECT_NE(std::string{write.get().what()}.find("standby"), std::string::npos);
}

TEST_F(StandbyWait, IsWaitedForAnew_WhenATransactionsIsBrokenOff) {
  int calls = 0;
  auto transaction = std::async(std::launch::async, [&] {
    db_.transaction([&](Transaction& tx) {
      ++calls;
      insert(tx);
    });
  });
  break_off();
  EXPECT_EQ(transaction.wait_for(200ms), std::future_status::timeout) << "the standby is not there";
  standby_.restart();
  transaction.get();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(Observer{standby_.url()}.scalar("SELECT count(*) FROM t"), "1");
}

}  // namespace
}  // namespace flowdb::test
