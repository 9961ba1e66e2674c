#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/run_context.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class OperationLog : public testing::Test {
 protected:
  OperationLog() {
    database_.exec("CREATE TABLE t (id int PRIMARY KEY)");
    db_.execute_query("SELECT 1");
  }
  static DatabaseOptions with_slow_statements() {
    auto options = one_connection();
    options.slow_statement = 200ms;
    return options;
  }

  test_support::TestDatabase database_;
  DatabaseManager db_ = manager_for(database_, with_slow_statements());
  LogCapture log_;
};

TEST_F(OperationLog, RecordsEachCallWithItsFacts) {
  db_.execute_query("INSERT INTO t SELECT generate_series(:a, :b) -- note\n", {{"a", 1}, {"b", 5}});
  thrown_by<ConstraintError>([&] { db_.execute_query("INSERT INTO t VALUES (1)"); });
  db_.execute_query_with_retry("SELECT 'x' FROM t WHERE id < 4");
  db_.execute_query_with_timeout("DELETE FROM t WHERE id IN (:ids)", {{"ids", std::vector{4, 5}}});
  db_.bulk_insert("t", {"id"}, {{10}, {11}});
  thrown_by<InvalidArgument>([&] { db_.execute_query("SELECT :x"); });
  const std::string facts = " duration_ms=[0-9.]+ attempt=1 statement=\"";
  EXPECT_THAT(
      log_.with("operation="),
      ElementsAre(
          MatchesRegex("debug database=flow_db operation=execute_query outcome=ok rows=5" + facts +
                       "INSERT INTO t SELECT generate_series\\(:a, :b\\)\"[^:]*"),
          MatchesRegex("error database=flow_db operation=execute_query outcome=error_23505 rows=0" +
                       facts + "INSERT INTO t VALUES \\([?]\\)\"[^:]*"),
          MatchesRegex(
              "debug database=flow_db operation=execute_query_with_retry outcome=ok rows=3" +
              facts + "SELECT [?] FROM t WHERE id < [?]\"[^:]*"),
          MatchesRegex("debug database=flow_db operation=execute_query_with_timeout outcome=ok"
                       " rows=2" +
                       facts + "DELETE FROM t WHERE id IN \\(:ids\\)\"[^:]*"),
          MatchesRegex("debug database=flow_db operation=bulk_insert outcome=ok rows=2"
                       " duration_ms=[0-9.]+ attempt=1.*"),
          MatchesRegex(
              "error database=flow_db operation=execute_query outcome=invalid_argument.*")));
}

TEST_F(OperationLog, WarnsOfSlowStatements_AndOfThoseAlone) {
  db_.execute_query("SELECT pg_sleep(0.01)");
  db_.execute_query("SELECT pg_sleep(0.25)");
  db_.transaction([](Transaction& tx) { tx.execute_query("SELECT pg_sleep(0.26)"); });
  const auto warnings = log_.with("warning ");
  EXPECT_THAT(warnings, Contains(AllOf(StartsWith("warning database=flow_db"),
                                       HasSubstr("operation=execute_query"), HasSubstr("slow=true"),
                                       HasSubstr("pg_sleep"))));
  EXPECT_THAT(warnings,
              Contains(AllOf(HasSubstr("operation=transaction"), HasSubstr("slow=true"))));
  EXPECT_THAT(log_.with("rows=1"), Contains(Not(HasSubstr("slow"))));
}

TEST_F(OperationLog, CountsTheAttempts) {
  database_.exec("CREATE SEQUENCE tries");
  database_.exec(
      "CREATE FUNCTION conflict_once() RETURNS void LANGUAGE plpgsql AS $$"
      " BEGIN IF nextval('tries') % 2 = 1 THEN RAISE EXCEPTION 'not yet'"
      " USING ERRCODE = 'serialization_failure'; END IF; END $$");
  db_.execute_query_with_retry("SELECT conflict_once()");
  db_.transaction([](Transaction& tx) { tx.execute_query("SELECT conflict_once()"); });
  for (const std::string operation : {"execute_query_with_retry", "transaction"}) {
    EXPECT_THAT(log_.with("operation=" + operation + " "),
                ElementsAre(AllOf(HasSubstr("outcome=error_40001"), HasSubstr("attempt=1")),
                            AllOf(HasSubstr("outcome=ok"), HasSubstr("attempt=2"))));
  }
}

TEST_F(OperationLog, TellsOfTheRowsOfABatchAndAStream) {
  db_.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", 1}}, {{"id", 2}}});
  for (const auto& row : db_.stream_query("SELECT * FROM t")) EXPECT_EQ(row.size(), 1U);
  thrown_by<QueryError>([&] {
    for (const auto& row :
         db_.stream_query("SELECT 1 / (5000 - n) FROM generate_series(1, 9000) n"))
      EXPECT_EQ(row.size(), 1U);
  });
  EXPECT_THAT(log_.with("operation=execute_batch"),
              ElementsAre(AllOf(HasSubstr("rows=2"), HasSubstr("INSERT INTO t VALUES (:id)"))));
  const auto streams = log_.with("operation=stream_query");
  EXPECT_THAT(streams, Contains(AllOf(HasSubstr("rows=2"), HasSubstr("outcome=ok"))));
  EXPECT_THAT(streams, Contains(AllOf(HasSubstr("outcome=error_22012"), HasSubstr("SELECT ? /"))));
}

TEST_F(OperationLog, StampsRecordsAndSessionWithTheRunContext) {
  const auto name_on_server = [&] {
    return database_.scalar(
        "SELECT application_name FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  };
  const auto query = [&] { db_.execute_query("SELECT 1"); };
  EXPECT_EQ(name_on_server(), "");
  {
    const RunContext run{{.flow = "rpa1", .task = "load", .run_id = "0123456789ab", .user = "svc"}};
    query();
    EXPECT_EQ(name_on_server(), "rpa1/load/01234567");
    {
      const RunContext inner{{.flow = std::string(80, 'f'), .task = "it's\n", .run_id = "r"}};
      db_.transaction([&](Transaction& tx) {
        tx.execute_query("SELECT 2");
        EXPECT_EQ(name_on_server(), std::string(61, 'f') + "/r");
      });
      db_.bulk_insert("t", {"id"}, {{1}});
    }
    db_.execute_query("SET search_path = public");
    EXPECT_EQ(name_on_server(), "") << "a reset takes it back";
    db_.bulk_insert("t", {"id"}, {{2}});
    EXPECT_EQ(name_on_server(), "rpa1/load/01234567");
    std::thread{query}.join();
    EXPECT_EQ(name_on_server(), "") << "a thread has its own";
  }
  const auto records = log_.with("operation=execute_query");
  EXPECT_THAT(records.front(),
              AllOf(HasSubstr("flow=rpa1 task=load run_id=0123456789ab user=svc")));
  EXPECT_THAT(records.back(), Not(HasSubstr("flow=")));
}

}  // namespace
}  // namespace flowdb::test
