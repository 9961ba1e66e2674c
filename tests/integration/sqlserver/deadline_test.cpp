#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/sqlserver/sqlserver.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;

class SqlserverDeadlineTiming : public Sqlserver {};

TEST_F(SqlserverDeadlineTiming, EndsAStatement_AndTheServersSession) {
  const int before = session();
  const Stopwatch stopwatch;
  const auto error =
      thrown_by<TimeoutError>([&] { db_.execute_query_with_timeout(server().sleep(3s), {}, 1s); });
  EXPECT_GE(stopwatch.elapsed(), 1s);
  EXPECT_LE(stopwatch.elapsed(), 1s + grace);
  EXPECT_EQ(error.phase(), Phase::sent);
  const int after = session();
  if (!server().can_cancel) {
    EXPECT_NE(after, before) << "the session answered no cancellation: it must not be used";
  } else {
    EXPECT_EQ(after, before) << "the server agreed to cancel, and the session answers";
  }
}

TEST_F(SqlserverDeadlineTiming, OfATransactionRollsItBack) {
  const auto table = make_table("id int");
  session();  // connects, for which there is more time
  const Stopwatch stopwatch;
  EXPECT_THROW(db_.transaction(
                   [&](Transaction& tx) {
                     tx.execute_query("INSERT INTO " + table + " VALUES (1)");
                     tx.execute_query(server().sleep(2s));
                   },
                   {.timeout = 500ms}),
               TimeoutError);
  EXPECT_LE(stopwatch.elapsed(), 500ms + grace);
  EXPECT_EQ(db_.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

TEST_F(SqlserverDeadlineTiming, IsKept_WhenTheNetworkSwallowsEverything) {
  test_support::ChaosProxy proxy{address()};
  auto options = one_connection();
  options.timeout = 500ms;
  auto db = manager_for(url_through(proxy), options);
  EXPECT_EQ(db.execute_query_with_timeout("SELECT 1 AS one", {}, 10s).scalar<int>(), 1);
  const auto fails_in_time = [&](const auto& call) {
    proxy.stall();
    const Stopwatch stopwatch;
    EXPECT_THROW(call(), Error);
    EXPECT_LE(stopwatch.elapsed(), 500ms + grace);
    proxy.heal();
    EXPECT_EQ(db.execute_query_with_timeout("SELECT 2 AS two", {}, 10s).scalar<int>(), 2);
  };
  fails_in_time([&] { db.execute_query("SELECT 3 AS three"); });
  fails_in_time([&] { db.stream_query("SELECT 3 AS three"); });
  fails_in_time([&] { db.execute_batch("SELECT :n AS n", {{{"n", 1}}, {{"n", 2}}}); });
}

TEST_F(SqlserverDeadlineTiming, AWriteWhoseAnswerWasLostIsUnknown) {
  const auto table = make_table("id int");
  test_support::ChaosProxy proxy{address()};
  auto db = manager_for(url_through(proxy), one_connection());
  db.execute_query("SELECT 1 AS one");
  proxy.cut({test_support::Direction::to_client, 0});
  const auto error = thrown_by<CommitUnknownError>(
      [&] { db.execute_query("INSERT INTO " + table + " VALUES (1)"); });
  EXPECT_TRUE(error.is_outcome_unknown());
  EXPECT_FALSE(error.is_transient());

  db.execute_query("SELECT 1 AS one");
  proxy.cut({test_support::Direction::to_client, 0});
  const auto lost = thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1 AS one"); });
  EXPECT_TRUE(lost.is_outcome_unknown()) << "what it calls may write";
  EXPECT_FALSE(lost.is_transient());
}

TEST_F(SqlserverDeadlineTiming, ACommitWhoseAnswerWasLostIsUnknown_AndNotRetried) {
  const auto table = make_table("id int");
  test_support::ChaosProxy proxy{address()};
  auto db = manager_for(url_through(proxy), one_connection());
  int runs = 0;
  EXPECT_THROW(db.transaction([&](Transaction& tx) {
    ++runs;
    tx.execute_query("INSERT INTO " + table + " VALUES (1)");
    proxy.cut({test_support::Direction::to_client, 0});
  }),
               CommitUnknownError);
  EXPECT_EQ(runs, 1);
}

TEST_F(SqlserverDeadlineTiming, AStreamThatIsLeftEarlyCostsNoConnection) {
  const auto table = make_table("id int, name nvarchar(100)");
  // More than sockets hold, made by the server: the answer is under way when it is left.
  const std::string digits = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
  observer().execute_query("INSERT INTO " + table +
                           " SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n, "
                           "REPLICATE(N'x', 100) FROM " +
                           digits + " a(n) CROSS JOIN " + digits + " b(n) CROSS JOIN " + digits +
                           " c(n) CROSS JOIN " + digits + " d(n) CROSS JOIN " + digits + " e(n)");
  const int before = session();
  std::optional<RowStream> stream{db_.stream_query("SELECT id, name FROM " + table)};
  EXPECT_NE(stream->begin(), stream->end());
  const Stopwatch stopwatch;
  stream.reset();
  const auto took = stopwatch.elapsed();
  if (server().can_cancel && session() != before) {
    EXPECT_GE(took, 2s) << "the server had not so long to agree in";
  }
}

TEST_F(SqlserverDeadlineTiming, AStreamHasOneForEachBlock) {
  const auto table = make_table("id int, name nvarchar(1000)");
  std::vector<std::vector<Value>> rows;
  for (int id = 0; id < 300; ++id) rows.push_back({id, std::string(500, 'x')});
  observer().bulk_insert(table, {"id", "name"}, rows);
  auto options = one_connection();
  options.timeout = 2s;
  auto db = manager(options);
  db.execute_query_with_timeout("SELECT 1 AS one", {}, 10s);
  int seen = 0;
  for (const auto& row : db.stream_query("SELECT id, name FROM " + table + " ORDER BY id")) {
    ASSERT_EQ(row["id"].as<int>(), seen);
    if (++seen == 1) std::this_thread::sleep_for(2200ms);  // the flow's own time counts for nothing
  }
  EXPECT_EQ(seen, 300);
}

}  // namespace
}  // namespace flowdb::test
