#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/any_server/any_server.hpp"
#include "integration/stopwatch.hpp"
#include "integration/thrown_by.hpp"
#include "support/wait_until.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class AnyServerFailures : public AnyServer {};
FLOWDB_ON_EVERY_SERVER(AnyServerFailures);

TEST_P(AnyServerFailures, OfConstraintsAreConstraintErrors_AndShowNoValue) {
  const auto table = make_table(
      "id int PRIMARY KEY, name varchar(60) NOT NULL UNIQUE, amount int CHECK (amount > 10)");
  const std::string secret = "canary-4711-value";
  auto db = manager();
  const auto insert = "INSERT INTO " + table + " VALUES (:id, :name, :amount)";
  const auto refused = [&](const Value& id, const Value& name, const Value& amount) {
    const auto error = thrown_by<ConstraintError>([&] {
      db.execute_query(insert, {{"id", id}, {"name", name}, {"amount", amount}});
    });
    EXPECT_FALSE(error.is_transient());
    EXPECT_FALSE(error.is_outcome_unknown());
    EXPECT_EQ(error.database_name(), "flow_db");
    return std::string{error.what()};
  };
  db.execute_query(insert, {{"id", 123456}, {"name", secret}, {"amount", 1000}});
  EXPECT_THAT(refused(123456, "b", 1000), Not(HasSubstr("123456")));
  EXPECT_THAT(refused(2, secret, 1000), Not(HasSubstr(secret)));
  EXPECT_THAT(refused(3, nullptr, 1000), HasSubstr("name"));
  EXPECT_THAT(refused(4, "d", -987654), Not(HasSubstr("987654")));
  EXPECT_EQ(ids(table), "123456");
}

TEST_P(AnyServerFailures, OfStatementsAreQueryErrors_WithTheServersCode) {
  auto db = manager();
  const auto error =
      thrown_by<QueryError>([&] { db.execute_query("SELECT a FROM no_such_table_here"); });
  EXPECT_EQ(code_of(error), server().missing_table);
  EXPECT_THAT(error.what(), HasSubstr("no_such_table_here"));
  EXPECT_FALSE(error.is_transient());
  EXPECT_THROW(db.execute_query("SELECT FROM WHERE"), QueryError);
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

TEST_P(AnyServerFailures, BehindTheFirstRowsFailTheCall) {
  const auto table = make_table("id int, divisor int");
  auto db = manager();
  std::vector<std::vector<Value>> rows;
  for (int id = 1; id <= 2000; ++id) rows.push_back({id, id == 1990 ? 0 : 1});
  db.bulk_insert(table, {"id", "divisor"}, rows);
  const auto select = "SELECT id / divisor AS quotient FROM " + table;
  EXPECT_THROW(db.execute_query(select), QueryError);
  EXPECT_THROW(
      {
        for (const auto& row : db.stream_query(select)) EXPECT_GT(row[0].as<int>(), 0);
      },
      QueryError);
  EXPECT_EQ(db.execute_query("SELECT count(*) FROM " + table).scalar<int>(), 2000);
}

TEST_P(AnyServerFailures, OfASessionThatWasEndedAreOverWithTheNextConnection) {
  auto db = manager();
  const int session = session_of(db);
  auto end = server().end_session;
  end.replace(end.find('#'), 1, std::to_string(session));
  observer().execute_query(end);
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      db.execute_query("SELECT 1 AS one");
    } catch (const ConnectionError&) {
      EXPECT_EQ(attempt, 0) << "the pool must not keep a dead connection";
    }
  }
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

TEST_P(AnyServerFailures, ToLogInAreAuthenticationErrors_WithoutThePassword) {
  auto text = url();
  const auto colon = text.find(':', text.find("://") + 3);
  const auto at = text.find('@', colon);
  ASSERT_NE(at, std::string::npos);
  text.replace(colon + 1, at - colon - 1, "canary-of-a-password");
  auto db = manager_for(text, one_connection());
  const auto error = thrown_by<AuthenticationError>([&] { db.execute_query("SELECT 1 AS one"); });
  EXPECT_THAT(error.what(), Not(HasSubstr("canary")));
  EXPECT_FALSE(error.is_transient());
}

class AnyServerTiming : public AnyServer {};
FLOWDB_ON_EVERY_SERVER(AnyServerTiming);

TEST_P(AnyServerTiming, AStatementEndsByItsDeadline_AndThePoolGoesOn) {
  auto db = manager({.pool_size = 2, .max_overflow = 0});
  db.execute_query("SELECT 1 AS one");  // connects, for which there is more time
  const Stopwatch stopwatch;
  const auto error =
      thrown_by<TimeoutError>([&] { db.execute_query_with_timeout(server().sleep(30s), {}, 1s); });
  EXPECT_GE(stopwatch.elapsed(), 990ms);
  EXPECT_LE(stopwatch.elapsed(), 1s + grace);
  EXPECT_THAT(error.what(), HasSubstr("flow_db"));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

TEST_P(AnyServerTiming, WaitingForAConnectionEndsByItsDeadline) {
  auto options = one_connection();
  options.acquire_timeout = 300ms;
  auto db = manager(options);
  // The first connection may come later than that.
  ASSERT_TRUE(test_support::wait_until([&] {
    try {
      return !db.execute_query("SELECT 1 AS one").empty();
    } catch (const ConnectionError&) {
      return false;
    }
  }));
  auto rows = db.stream_query("SELECT 1 AS one");
  const Stopwatch stopwatch;
  EXPECT_THROW(db.execute_query("SELECT 2 AS two"), PoolTimeoutError);
  EXPECT_GE(stopwatch.elapsed(), 290ms);
  EXPECT_LE(stopwatch.elapsed(), 300ms + grace);
}

}  // namespace
}  // namespace flowdb::test
