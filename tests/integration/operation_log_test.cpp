#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>
#include <flowdb/run_context.hpp>
#include <flowdb/soci.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/thrown_by.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class OperationLog : public testing::Test {
 protected:
  explicit OperationLog(std::chrono::milliseconds slow_after = {})
      : db_{manager_for(database_, warning_after(slow_after))} {
    database_.exec("CREATE TABLE t (id int PRIMARY KEY)");
  }
  static DatabaseOptions warning_after(std::chrono::milliseconds slow_after) {
    auto options = one_connection();
    options.slow_statement = slow_after;
    return options;
  }

  test_support::TestDatabase database_;
  DatabaseManager db_;
  LogCapture log_;
};
class OperationLogTiming : public OperationLog {
 protected:
  OperationLogTiming() : OperationLog{400ms} {}
};

TEST_F(OperationLog, RecordsEachCallWithItsFacts) {
  db_.execute_query("INSERT INTO t SELECT generate_series(:a, :b) -- note\n", {{"a", 1}, {"b", 5}});
  thrown_by<ConstraintError>([&] { db_.execute_query("INSERT INTO t VALUES (1)"); });
  db_.execute_query_with_retry("SELECT 'x' FROM t WHERE id < 4");
  db_.execute_query_with_timeout("DELETE FROM t WHERE id IN (:ids)", {{"ids", std::vector{4, 5}}});
  db_.bulk_insert("t", {"id"}, {{10}, {11}});
  const auto record = [](const std::string& start, const std::string& statement) {
    return MatchesRegex(start + " duration_ms=[0-9.]+ attempt=1" + statement);
  };
  const std::string ok = "debug database=flow_db operation=";
  EXPECT_THAT(
      log_.with("operation="),
      ElementsAre(
          record(ok + "execute_query outcome=ok rows=5",
                 " statement=\"INSERT INTO t SELECT generate_series\\(:a, :b\\)\""),
          record("error database=flow_db operation=execute_query outcome=error_23505 rows=0",
                 " statement=\"INSERT INTO t VALUES \\([?]\\)\""),
          record(ok + "execute_query_with_retry outcome=ok rows=3",
                 " statement=\"SELECT [?] FROM t WHERE id < [?]\""),
          record(ok + "execute_query_with_timeout outcome=ok rows=2",
                 " statement=\"DELETE FROM t WHERE id IN \\(:ids\\)\""),
          record(ok + "bulk_insert outcome=ok rows=2", "")));
}

TEST_F(OperationLogTiming, WarnsOfSlowStatements_AndOfThoseAlone) {
  db_.execute_query("SELECT 1");
  db_.execute_query("SELECT pg_sleep(0.45)");
  db_.transaction([](Transaction& tx) { tx.execute_query("SELECT pg_sleep(0.45)"); });
  const auto slow = [](const std::string& operation) {
    return AllOf(StartsWith("warning database=flow_db operation=" + operation + " outcome=ok"),
                 HasSubstr("slow=true"));
  };
  EXPECT_THAT(log_.with("warning "),
              ElementsAre(AllOf(slow("execute_query"), HasSubstr("pg_sleep")),
                          AllOf(slow("transaction.execute_query"), HasSubstr("pg_sleep")),
                          slow("transaction")));
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

TEST_F(OperationLog, TellsOfTheStatementsOfATransaction) {
  db_.execute_batch("INSERT INTO t VALUES (:id)", {{{"id", 1}}, {{"id", 2}}});
  EXPECT_THAT(log_.with("operation="),
              ElementsAre(AllOf(HasSubstr("operation=transaction.execute_batch outcome=ok rows=2"),
                                HasSubstr("statement=\"INSERT INTO t VALUES (:id)\"")),
                          HasSubstr("operation=execute_batch outcome=ok")));
  thrown_by<TransactionError>([&] { db_.execute_transaction({{"SELECT 5"}, {"SELECT nothing"}}); });
  EXPECT_THAT(log_.with("nothing"),
              ElementsAre(AllOf(StartsWith("warning"), HasSubstr("outcome=error_42703"))));
  EXPECT_THAT(log_.with("operation=execute_transaction"),
              ElementsAre(AllOf(StartsWith("error"), HasSubstr("outcome=error_42703"))));
}

TEST_F(OperationLog, TellsHowAStreamEnded) {
  const auto read = [&](const std::string& sql) {
    for (const auto& row : db_.stream_query(sql)) ASSERT_EQ(row.size(), 1U);
  };
  read("SELECT generate_series(1, 9000)");
  thrown_by<QueryError>([&] { read("SELECT 1 / (5000 - n) FROM generate_series(1, 9000) AS n"); });
  EXPECT_THAT(log_.with("operation=stream_query_end"),
              ElementsAre(AllOf(HasSubstr("outcome=ok rows=9000"), HasSubstr("SELECT generate")),
                          AllOf(StartsWith("error"), HasSubstr("outcome=error_22012"))));
}

TEST_F(OperationLog, StampsRecordsAndSessionWithTheRunContext) {
  const auto name_on_server = [&] {
    return database_.scalar(
        "SELECT application_name FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  };
  const auto query = [&] { db_.execute_query("SELECT 1"); };
  query();
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
  const std::string stamp = "flow=rpa1 task=load run_id=0123456789ab user=svc";
  EXPECT_THAT(log_.with("operation=execute_query"),
              ElementsAre(Not(HasSubstr("flow=")), HasSubstr(stamp), HasSubstr(stamp),
                          Not(HasSubstr("flow="))));
}

TEST_F(OperationLog, TellsOfMisuse) {
  const auto failed = [](const std::string& operation) {
    return AllOf(HasSubstr("database=flow_db operation=" + operation + " outcome=invalid_argument"),
                 HasSubstr("rows=0"));
  };
  const std::vector<std::string> misuse{"SELECT :a", "SELECT 'open", "SELECT 1; SELECT 2",
                                        "COMMIT"};
  for (const auto& sql : misuse) {
    EXPECT_EQ(thrown_by<InvalidArgument>([&] { db_.execute_query(sql); }).database_name(),
              "flow_db")
        << sql;
  }
  EXPECT_THAT(log_.with("operation=execute_query "), testing::SizeIs(misuse.size()));
  EXPECT_THAT(log_.with("operation=execute_query "),
              testing::Each(AllOf(StartsWith("error"), failed("execute_query"))));
  thrown_by<InvalidArgument>([&] { db_.execute_query_with_timeout("SELECT 1", {}, 0ms); });
  thrown_by<InvalidArgument>([&] { db_.stream_query("SELECT :a"); });
  thrown_by<InvalidArgument>([&] { db_.stream_query("SELECT 'open"); });
  thrown_by<InvalidArgument>([&] { db_.bulk_insert("t", {"id"}, {{}}); });
  thrown_by<InvalidArgument>(
      [&] { db_.transaction([](Transaction& tx) { tx.execute_query("SELECT 'open"); }); });
  thrown_by<InvalidArgument>([&] { db_.transaction([](Transaction&) {}, {.timeout = 0ms}); });
  for (const std::string operation : {"execute_query_with_timeout", "stream_query", "bulk_insert",
                                      "transaction.execute_query", "transaction"}) {
    EXPECT_THAT(log_.with("operation=" + operation + " "), testing::Each(failed(operation)));
    EXPECT_FALSE(log_.with("operation=" + operation + " ").empty()) << operation;
  }
}

TEST_F(OperationLog, TellsOfTheOperationsWithoutAStatementOfTheirOwn) {
  { const auto session = db_.lease_session(); }
  db_.get_migration_status();
  db_.run_migrations();
  EXPECT_EQ(db_.health_check().status, Health::healthy);
  auto options = one_connection();
  options.read_only = true;
  auto reader = manager_for(database_, options);
  thrown_by<ConfigurationError>([&] { reader.run_migrations(); });
  auto lost = manager_for("postgresql://anyone@127.0.0.1:1/any?sslmode=disable", one_connection());
  thrown_by<ConnectionError>([&] { lost.get_migration_status(); });
  thrown_by<ConnectionError>([&] { lost.run_migrations(); });
  thrown_by<ConnectionError>([&] { lost.lease_session(); });
  EXPECT_EQ(lost.health_check().status, Health::unhealthy);
  const auto outcomes = [&](const std::string& operation) {
    std::string all;
    for (const auto& record : log_.with("operation=" + operation + " ")) {
      const auto begin = record.find("outcome=") + 8;
      all += record.substr(0, record.find(' ') + 1) +
             record.substr(begin, record.find(' ', begin) - begin) + "; ";
    }
    return all;
  };
  EXPECT_EQ(outcomes("lease_session"), "debug ok; error connection_failed; ");
  EXPECT_EQ(outcomes("get_migration_status"), "debug ok; error connection_failed; ");
  EXPECT_EQ(outcomes("run_migrations"), "debug ok; error error; error connection_failed; ");
  EXPECT_EQ(outcomes("health_check"), "debug ok; error unhealthy; ");
}

TEST_F(OperationLog, NamesTheSessionAfterTheFlowThatUsesIt) {
  const auto name_on_server = [](DatabaseManager& db) {
    return db.execute_query("SHOW application_name").scalar<std::string>();
  };
  auto options = one_connection();
  options.connection_string = database_.url();
  const auto of_flow = [&](const std::string& flow) {
    const ConfigManager config{
        {.flow_name = flow, .environment = "integration", .project_root = FLOWDB_SOURCE_DIR}};
    return DatabaseManager{"flow_db", config, options};
  };
  auto first = of_flow("rpa1");
  auto second = of_flow("rpa2");
  EXPECT_EQ(name_on_server(first), "rpa1");
  EXPECT_EQ(name_on_server(second), "rpa2");
  EXPECT_EQ(second.get_pool_status().total_connections, 1U) << "they share one connection";
  EXPECT_EQ(second.transaction([](Transaction& tx) {
    return tx.execute_query("SHOW application_name").scalar<std::string>();
  }),
            "rpa2");
  EXPECT_EQ(name_on_server(first), "rpa1");
}

}  // namespace
}  // namespace flowdb::test
