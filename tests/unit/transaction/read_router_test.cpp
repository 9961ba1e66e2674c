#include "transaction/read_router.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <flowdb/database_manager.hpp>
#include <flowdb/error.hpp>

#include "testing/mock_backend.hpp"
#include "testing/mock_state.hpp"
#include "unit/testing/mock_test_support.hpp"

namespace flowdb {
namespace {

using mock_test::thrown_by;
using testing::MockState;
using namespace std::chrono_literals;

constexpr QueryOptions kPreferReplica{.read_preference = ReadPreference::prefer_replica};
constexpr QueryOptions kReplica{.read_preference = ReadPreference::replica};

/// Two scripted servers.
class TwoServers : public backend::BackendFactory {
 public:
  std::unique_ptr<backend::Backend> make(const config::Settings& settings) override {
    auto& server = settings.is_replica ? replica : primary;
    return std::make_unique<testing::MockBackend>(server, settings);
  }
  std::shared_ptr<MockState> primary = std::make_shared<MockState>();
  std::shared_ptr<MockState> replica = std::make_shared<MockState>();
};

class ReadRouterTest : public ::testing::Test {
 protected:
  static constexpr const char* kQuestion = "SELECT name FROM servers";

  ReadRouterTest() {
    answer(*servers_->primary, "primary");
    answer(*servers_->replica, "replica");
  }

  static void answer(MockState& server, const std::string& name) {
    const auto anything = server.add_expectation([](const testing::Call&) { return true; });
    server.add_answer(anything, {.compute = [name](const testing::Call&) {
                        return testing::make_rows({"name"}, {{name}});
                      }});
  }
  /// The replica's next answer.
  template <class E>
  void replica_fails_with(E error) {
    const auto once = servers_->replica->add_expectation([](const testing::Call&) { return true; });
    servers_->replica->add_answer(
        once, {.compute = [error](const testing::Call&) -> ResultSet { throw error; }});
    servers_->replica->limit(once, 1);
  }
  DatabaseManager manager(DatabaseOptions options = {.replica_connection_string = "another"}) {
    options.backend = servers_;
    const ConfigManager config{{.environment = "unit-test", .project_root = "/"}};
    return DatabaseManager{"two", config, options};
  }
  static std::string who_answers(DatabaseManager& db, const QueryOptions& options) {
    return db.execute_query(kQuestion, {}, options).scalar<std::string>();
  }
  static ErrorFacts from_replica(std::string sqlstate, bool is_transient) {
    return {.database_name = "two/replica",
            .sqlstate = std::move(sqlstate),
            .transient = is_transient,
            .phase = Phase::sent};
  }

  std::shared_ptr<TwoServers> servers_ = std::make_shared<TwoServers>();
};

TEST_F(ReadRouterTest, AsksTheServerThatIsPreferred) {
  auto db = manager();
  EXPECT_EQ(db.execute_query(kQuestion).scalar<std::string>(), "primary");
  EXPECT_EQ(who_answers(db, {}), "primary");
  EXPECT_EQ(who_answers(db, kPreferReplica), "replica");
  EXPECT_EQ(who_answers(db, kReplica), "replica");
  for (const auto& row : db.stream_query(kQuestion, {}, kReplica)) {
    EXPECT_EQ(row["name"].as<std::string>(), "replica");
  }
  const TransactionOptions reading{.read_only = true, .read_preference = ReadPreference::replica};
  const auto answer = db.transaction(
      [](Transaction& tx) { return tx.execute_query(kQuestion).scalar<std::string>(); }, reading);
  EXPECT_EQ(answer, "replica");
  EXPECT_EQ(db.execute_transaction({{kQuestion, {}}}, reading).at(0).scalar<std::string>(),
            "replica");
}

TEST_F(ReadRouterTest, SendsNothingThatDoesMoreThanRead) {
  auto db = manager();
  for (const auto* sql :
       {"INSERT INTO t VALUES (1)", "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
        "SELECT 1 AS one INTO made", "CREATE TABLE t ()", "CALL work()", "SET x = 1",
        "EXPLAIN ANALYZE DELETE FROM t"}) {
    for (const auto& options : {kPreferReplica, kReplica}) {
      thrown_by<InvalidArgument>([&] { db.execute_query(sql, {}, options); });
      thrown_by<InvalidArgument>([&] { db.stream_query(sql, {}, options); });
    }
  }
  const auto error =
      thrown_by<InvalidArgument>([&] { db.execute_query("DELETE FROM t", {}, kReplica); });
  EXPECT_STREQ(error.what(),
               "two: DELETE does more than read and cannot go to a replica: leave its "
               "read_preference at primary");
  const TransactionOptions writing{.read_preference = ReadPreference::prefer_replica};
  thrown_by<InvalidArgument>([&] { db.transaction([](Transaction&) {}, writing); });
  thrown_by<InvalidArgument>([&] { db.execute_transaction({{kQuestion, {}}}, writing); });
  EXPECT_TRUE(servers_->primary->calls().empty());
  EXPECT_TRUE(servers_->replica->calls().empty());
}

TEST_F(ReadRouterTest, GoesToThePrimaryAndReadsOnly_WhenTheReplicaCannotServe) {
  auto db = manager({.replica_connection_string = "another", .breaker_failures = 0});
  const auto expect_primary = [&](const char* when) {
    EXPECT_EQ(who_answers(db, kPreferReplica), "primary") << when;
    const auto calls = servers_->primary->calls();
    ASSERT_FALSE(calls.empty()) << when;
    EXPECT_TRUE(calls.back().in_transaction) << when << ": in one that is read-only";
    EXPECT_EQ(servers_->primary->commits(), calls.size()) << when;
  };
  servers_->replica->refuse_connections(1);
  expect_primary("it refuses connections");
  replica_fails_with(ConnectionError{"lost", from_replica("", true)});
  expect_primary("the connection is lost");
  replica_fails_with(QueryError{"conflict with recovery", from_replica("40001", true)});
  expect_primary("it cancels what is in the way of its replay");
  EXPECT_EQ(who_answers(db, kPreferReplica), "replica") << "it is well again";
}

TEST_F(ReadRouterTest, StaysWithTheReplica_WhenThePrimaryWouldSayTheSame) {
  auto db = manager();
  replica_fails_with(QueryError{"no such table", from_replica("42P01", false)});
  thrown_by<QueryError>([&] { who_answers(db, kPreferReplica); });
  replica_fails_with(QueryError{"read-only", from_replica("25006", false)});
  thrown_by<QueryError>([&] { who_answers(db, kPreferReplica); });
  replica_fails_with(ConnectionError{"lost", from_replica("", true)});
  thrown_by<ConnectionError>([&] { who_answers(db, kReplica); });
  EXPECT_TRUE(servers_->primary->calls().empty());
}

TEST_F(ReadRouterTest, KeepsItsDeadline_WhenTheReplicaHasTakenAllOfTheTime) {
  auto db = manager();
  const auto late = servers_->replica->add_expectation([](const testing::Call&) { return true; });
  servers_->replica->add_delay(late, 1h);
  servers_->replica->add_answer(late, {});
  const auto options = QueryOptions{ReadPreference::prefer_replica, 60ms};
  thrown_by<TimeoutError>([&] { who_answers(db, options); });
  EXPECT_TRUE(servers_->primary->calls().empty());
}

TEST_F(ReadRouterTest, StreamsFromThePrimary_WhenTheReplicaCannotBegin) {
  auto db = manager();
  servers_->replica->refuse_connections(1);
  std::vector<std::string> names;
  for (const auto& row : db.stream_query(kQuestion, {}, kPreferReplica)) {
    names.push_back(row["name"].as<std::string>());
  }
  EXPECT_EQ(names, std::vector<std::string>{"primary"});
  EXPECT_EQ(servers_->primary->rollbacks(), 1U) << "of the read-only transaction around it";
  EXPECT_EQ(db.get_pool_status().checked_in, 1U);
}

TEST_F(ReadRouterTest, RunsATransactionAnewAtThePrimary_UnlessItMustNotBeRepeated) {
  auto db = manager();
  int runs = 0;
  const auto body = [&](Transaction& tx) {
    ++runs;
    return tx.execute_query(kQuestion).scalar<std::string>();
  };
  TransactionOptions reading{.read_only = true, .read_preference = ReadPreference::prefer_replica};
  replica_fails_with(ConnectionError{"lost", from_replica("", true)});
  EXPECT_EQ(db.transaction(body, reading), "primary");
  EXPECT_EQ(runs, 2);
  reading.retry_conflicts = false;
  replica_fails_with(ConnectionError{"lost", from_replica("", true)});
  thrown_by<ConnectionError>([&] { db.transaction(body, reading); });
  EXPECT_EQ(runs, 3);
  // It had not begun when no connection could be had.
  db.dispose();
  servers_->replica->refuse_connections(1);
  EXPECT_EQ(db.transaction(body, reading), "primary");
  EXPECT_EQ(runs, 4);
  // What another database has thrown says nothing of the replica.
  const auto elsewhere = [](Transaction&) {
    throw ConnectionError{"lost", {.database_name = "other", .transient = true}};
  };
  reading.retry_conflicts = true;
  thrown_by<ConnectionError>([&] { db.transaction(elsewhere, reading); });
}

TEST_F(ReadRouterTest, AsksThePrimaryPlainly_WhereThereIsNoReplica) {
  auto db = manager({.replica_connection_string = ""});
  EXPECT_EQ(who_answers(db, kPreferReplica), "primary");
  EXPECT_FALSE(servers_->primary->calls().back().in_transaction);
  EXPECT_EQ(who_answers(db, kReplica), "primary") << "a scripted server is its own replica";
  EXPECT_EQ(db.get_pool_status().replica, nullptr);
  EXPECT_FALSE(db.health_check().replica.has_value());
  thrown_by<InvalidArgument>([&] { db.execute_query("DELETE FROM t", {}, kPreferReplica); });

  const ConfigManager config{{.environment = "unit-test", .project_root = "/"}};
  DatabaseManager real{
      "two", config, {.connection_string = "postgresql://user:word@localhost:1/two"}};
  const auto error = thrown_by<ConfigurationError>([&] { who_answers(real, kReplica); });
  EXPECT_STREQ(error.what(),
               "Replica not configured for 'two'. Set "
               "UNIT_TEST_GLOBAL_TWO_REPLICA_CONNECTION_STRING, or use "
               "ReadPreference::prefer_replica");
}

TEST_F(ReadRouterTest, ReportsOnBothServers) {
  auto db = manager();
  who_answers(db, kReplica);
  const auto status = db.get_pool_status();
  EXPECT_EQ(status.total_connections, 0U);
  ASSERT_NE(status.replica, nullptr);
  EXPECT_EQ(status.replica->database_name, "two/replica");
  EXPECT_EQ(status.replica->checked_in, 1U);
  EXPECT_EQ(db.health_check().status, Health::healthy);
  db.dispose();
  servers_->replica->refuse_connections(1);
  const auto health = db.health_check();
  EXPECT_EQ(health.status, Health::degraded);
  EXPECT_TRUE(health.connection && health.query_test) << "the primary is well";
  ASSERT_TRUE(health.replica.has_value());
  EXPECT_FALSE(health.replica->connection);
  EXPECT_EQ(health.replica->error, health.error);
}

}  // namespace
}  // namespace flowdb
