#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/soci.hpp>

#include "integration/any_server/any_server.hpp"

namespace flowdb::test {
namespace {

class AnyServerPool : public AnyServer {};
FLOWDB_ON_EVERY_SERVER(AnyServerPool);

TEST_P(AnyServerPool, GivesEveryThreadItsOwnAnswers) {
  auto db = manager({.pool_size = 3, .max_overflow = 2});
  std::atomic<int> foreign{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&, number] {
      for (int i = 0; i < 50; ++i) {
        const int wanted = number * 1000 + i;
        const auto rows =
            db.execute_query("SELECT CAST(:wanted AS int) AS id", {{"wanted", wanted}});
        foreign += rows.scalar<int>() == wanted ? 0 : 1;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(foreign, 0);
  const auto status = db.get_pool_status();
  EXPECT_EQ(status.checked_out, 0);
  EXPECT_LE(status.total_connections, 5);
  EXPECT_EQ(status.max_connections, 5);
}

TEST_P(AnyServerPool, KeepsItsConnections) {
  auto db = manager();
  const int session = session_of(db);
  const auto table = make_table("id int PRIMARY KEY");
  db.transaction(
      [&](Transaction& tx) { tx.execute_query("INSERT INTO " + table + " VALUES (1)"); });
  EXPECT_THROW(db.execute_query("INSERT INTO " + table + " VALUES (1)"), ConstraintError);
  for (const auto& row : db.stream_query("SELECT id FROM " + table)) EXPECT_EQ(row[0].as<int>(), 1);
  EXPECT_EQ(session_of(db), session) << "an error of a statement costs no connection";
}

TEST_P(AnyServerPool, ReportsAHealthyDatabase) {
  auto db = manager();
  const auto health = db.health_check();
  EXPECT_EQ(health.status, Health::healthy) << health.error.value_or("");
  EXPECT_TRUE(health.connection);
  EXPECT_TRUE(health.query_test);
}

TEST_P(AnyServerPool, LendsTheSessionOfSoci) {
  auto db = manager();
  int number = 0;
  {
    auto lease = db.lease_session();
    lease.session() << "SELECT 41 + 1 AS answer", soci::into(number);
  }
  EXPECT_EQ(number, 42);
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

}  // namespace
}  // namespace flowdb::test
