#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/memory_in_use.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/chaos_proxy.hpp"
#include "support/test_server.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using test_support::wait_until;

class StreamOnServer : public testing::Test {
 protected:
  static DatabaseOptions with_timeout(std::chrono::milliseconds timeout) {
    auto options = one_connection();
    options.timeout = timeout;
    return options;
  }
  /// Sessions of others that the server is working for.
  std::string running() {
    return database_.scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'active' AND pid <> pg_backend_pid()");
  }

  test_support::TestDatabase database_;
};
class StreamTiming : public StreamOnServer {};

TEST_F(StreamOnServer, ReadsAMillionRowsInBoundedMemory) {
  auto db = manager_for(database_, one_connection());
  const std::string sql =
      "SELECT n, md5(n::text) AS digest, repeat('x', 60) AS filler FROM generate_series(1, :n) AS "
      "n";
  for (const auto& row : db.stream_query(sql, {{"n", 5000}})) ASSERT_EQ(row.size(), 3U);
  const auto before = memory_in_use();
  auto most = before;
  std::int64_t rows = 0;
  for (const auto& row : db.stream_query(sql, {{"n", 1'000'000}})) {
    ASSERT_EQ(row["n"].as<std::int64_t>(), ++rows);
    if (rows % 5000 == 0) most = std::max(most, memory_in_use());
  }
  EXPECT_EQ(rows, 1'000'000);
  EXPECT_LE(most - before, 16U * 1024 * 1024);
  EXPECT_EQ(db.get_pool_status().checked_out, 0U);
}

TEST_F(StreamOnServer, GivesTheSameRowsAsAQuery) {
  auto db = manager_for(database_);
  const std::string sql =
      "SELECT n, nullif(n % 3, 0) AS third, repeat('é', n * 40) AS text, decode(repeat('00ff', n),"
      " 'hex') AS bytes FROM generate_series(0, 400) AS n WHERE n >= :from";
  const Params params{{"from", 1}};
  const auto expected = db.execute_query(sql, params);
  auto stream = db.stream_query(sql, params);
  ASSERT_EQ(stream.columns().size(), 4U);
  EXPECT_EQ(stream.columns()[3].type, ColumnType::bytes);
  std::size_t i = 0;
  for (const auto& row : stream) {
    ASSERT_EQ(row["n"].as<int>(), expected[i]["n"].as<int>());
    ASSERT_EQ(row["third"].as<std::optional<int>>(), expected[i]["third"].as<std::optional<int>>());
    ASSERT_EQ(row["text"].as<std::string>(), expected[i]["text"].as<std::string>());
    ASSERT_EQ(row["bytes"].as<Bytes>(), expected[i]["bytes"].as<Bytes>());
    ++i;
  }
  EXPECT_EQ(i, expected.size());
}

TEST_F(StreamOnServer, MayBeEmptyOrWithoutColumns) {
  auto db = manager_for(database_, one_connection());
  auto empty = db.stream_query("SELECT 1 AS a WHERE false");
  EXPECT_EQ(empty.begin(), empty.end());
  ASSERT_EQ(empty.columns().size(), 1U);
  EXPECT_EQ(empty.columns()[0].name, "a");
  auto nothing = db.stream_query("CREATE TABLE t (id int)");
  EXPECT_EQ(nothing.begin(), nothing.end());
  EXPECT_EQ(db.execute_query("SELECT count(*) FROM t").scalar<int>(), 0);
}

TEST_F(StreamOnServer, ThrowsWhatTheServerFindsOnTheWay) {
  auto db = manager_for(database_, one_connection());
  int rows = 0;
  const auto error = thrown_by<QueryError>([&] {
    const std::string sql = "SELECT n, 1 / (n - :bad) FROM generate_series(1, 9000) AS n";
    for (const auto& row : db.stream_query(sql, {{"bad", 5000}})) rows = row[0].as<int>();
  });
  EXPECT_EQ(error.sqlstate(), "22012");
  EXPECT_GT(rows, 0);
  EXPECT_LT(rows, 5000);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
  thrown_by<QueryError>([&] { db.stream_query("SELECT no_such_column"); });
  thrown_by<InvalidArgument>([&] { db.stream_query("SELECT 1; SELECT 2"); });
  thrown_by<InvalidArgument>([&] { db.stream_query("COPY pg_class TO STDOUT"); });
  EXPECT_EQ(db.execute_query("SELECT 2").scalar<int>(), 2);
}

TEST_F(StreamOnServer, RunsBesideAnother) {
  auto db = manager_for(database_);
  auto evens = db.stream_query("SELECT n * 2 FROM generate_series(1, 20000) AS n");
  auto odds = db.stream_query("SELECT n * 2 + 1 FROM generate_series(1, 20000) AS n");
  auto odd = odds.begin();
  int pairs = 0;
  for (const auto& even : evens) {
    ASSERT_EQ((*odd)[0].as<int>(), even[0].as<int>() + 1);
    ++odd;
    ++pairs;
  }
  EXPECT_EQ(pairs, 20000);
  EXPECT_EQ(odd, odds.end());
}

TEST_F(StreamOnServer, IsALostConnection_WhenItIsCut) {
  test_support::ChaosProxy proxy{database_.url()};
  auto db = manager_for(proxy.url(), one_connection());
  int rows = 0;
  const auto error = thrown_by<ConnectionError>([&] {
    for (const auto& row : db.stream_query("SELECT generate_series(1, 2000000000)")) {
      rows = row[0].as<int>();
      if (rows == 1) proxy.cut_all();
    }
  });
  EXPECT_TRUE(error.is_outcome_unknown()) << "what its functions wrote had not been committed yet";
  EXPECT_GT(rows, 0);
  EXPECT_EQ(db.execute_query("SELECT 1").scalar<int>(), 1);
}

TEST_F(StreamTiming, LeftEarly_StopsTheServerAndFreesTheConnection) {
  auto db = manager_for(database_, one_connection());
  std::optional<Stopwatch> leaving;
  for (const auto& row : db.stream_query("SELECT generate_series(1, 2000000000)")) {
    if (row[0].as<int>() != 3) continue;
    leaving.emplace();
    break;
  }
  EXPECT_LE(leaving.value().elapsed(), grace);
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
  EXPECT_EQ(db.execute_query_with_timeout("SELECT 5", {}, 10s).scalar<int>(), 5);
  {
    auto moved = db.stream_query("SELECT 1");
    auto owner = std::move(moved);
    EXPECT_EQ((*owner.begin())[0].as<int>(), 1);
  }
  EXPECT_EQ(db.execute_query("SELECT 6").scalar<int>(), 6);
}

TEST_F(StreamTiming, HasADeadlineForEachBlock_NotForTheWhole) {
  auto db = manager_for(database_, with_timeout(700ms));
  const std::string slow_rows =
      "SELECT repeat('x', 70000), pg_sleep(:pause) FROM generate_series(1, 5) AS n";
  const Stopwatch whole;
  int rows = 0;
  for (const auto& row : db.stream_query(slow_rows, {{"pause", 0.2}})) {
    rows += static_cast<int>(row.size()) / 2;
  }
  EXPECT_EQ(rows, 5);
  EXPECT_GT(whole.elapsed(), 700ms);
  const Stopwatch block;
  thrown_by<TimeoutError>([&] {
    for (const auto& row : db.stream_query(slow_rows, {{"pause", 30}})) EXPECT_EQ(row.size(), 2U);
  });
  EXPECT_LE(block.elapsed(), 700ms + grace);
  EXPECT_TRUE(wait_until([&] { return running() == "0"; }));
  EXPECT_EQ(db.execute_query_with_timeout("SELECT 1", {}, 10s).scalar<int>(), 1);
}

TEST_F(StreamTiming, DoesNotCountTheReadersOwnTime) {
  auto db = manager_for(database_, with_timeout(300ms));
  int rows = 0;
  for (const auto& row :
       db.stream_query("SELECT repeat('x', 100000) FROM generate_series(1, 300)")) {
    if (rows++ == 100) {
      // Longer than the deadline, while the server waits for room in the socket.
      const Stopwatch pause;
      EXPECT_TRUE(wait_until([&] { return pause.elapsed() > 500ms; }));
    }
    EXPECT_EQ(row.size(), 1U);
  }
  EXPECT_EQ(rows, 300);
}

TEST_F(StreamTiming, EndsInTime_WhenTheNetworkStalls) {
  test_support::ChaosProxy proxy{database_.url()};
  auto db = manager_for(proxy.url(), with_timeout(500ms));
  bool stalled = false;
  Stopwatch since_last_row;
  thrown_by<TimeoutError>([&] {
    for (const auto& row : db.stream_query("SELECT generate_series(1, 2000000000)")) {
      if (row[0].as<int>() == 1) proxy.stall();
      stalled = true;
      since_last_row = Stopwatch{};
    }
  });
  EXPECT_TRUE(stalled);
  EXPECT_GE(since_last_row.elapsed(), 500ms);
  EXPECT_LE(since_last_row.elapsed(), 500ms + grace);
  proxy.heal();
  EXPECT_EQ(db.execute_query_with_timeout("SELECT 1", {}, 10s).scalar<int>(), 1);
}

}  // namespace
}  // namespace flowdb::test
