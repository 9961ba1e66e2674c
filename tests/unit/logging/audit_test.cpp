#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/access_watch.hpp>
#include <flowdb/error.hpp>
#include <flowdb/run_context.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "integration/audit_capture.hpp"
#include "integration/log_capture.hpp"
#include "logging/access_watch.hpp"
#include "support/thread_sanitizer.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::AuditCapture;
using test::LogCapture;
using testing::MockDatabaseManager;

/// A variable of the process's environment, for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

std::vector<json> parsed(const std::vector<std::string>& lines) {
  std::vector<json> all;
  for (const auto& line : lines) all.push_back(json::parse(line));
  return all;
}

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    db_.when("SELECT name FROM customers WHERE id = :id")
        .returns(testing::make_rows({"name"}, {{"canary"}}));
    db_.when("DELETE FROM customers").fails_with(ConstraintError{"canary", {.sqlstate = "23503"}});
  }
  void read() {
    db_.execute_query("SELECT name FROM customers WHERE id = :id", {{"id", 47110815}});
  }
  void remove() { EXPECT_THROW(db_.execute_query("DELETE FROM customers"), ConstraintError); }

  MockDatabaseManager db_{"rpa_db"};
};

TEST_F(AuditTest, TellsWhoDidWhatWhenAndHowItEnded_InALineOfJson) {
  AuditCapture audit;
  const RunContext run{{.flow = "rpa1", .task = "load", .run_id = "run-1", .user = "svc"}};
  read();
  remove();
  const auto lines = parsed(audit.lines());
  ASSERT_EQ(lines.size(), 2U);
  auto first = lines[0];
  EXPECT_THAT(first["time"].get<std::string>(),
              ::testing::MatchesRegex("....-..-..T..:..:..\\.......Z"));
  EXPECT_GE(first["duration_ms"].get<double>(), 0.0);
  first.erase("time");
  first.erase("duration_ms");
  EXPECT_EQ(first, (json{{"user", "svc"},
                         {"flow", "rpa1"},
                         {"task", "load"},
                         {"run_id", "run-1"},
                         {"process", getpid()},
                         {"database", "rpa_db"},
                         {"operation", "execute_query"},
                         {"statement", "SELECT name FROM customers WHERE id = :id"},
                         {"attempt", 1},
                         {"outcome", "ok"},
                         {"rows", 1}}));
  EXPECT_EQ(lines[1]["outcome"], "error_23503");
  EXPECT_EQ(lines[1]["error"], "ConstraintError");
  EXPECT_EQ(lines[1]["sqlstate"], "23503");
  for (const auto& line : audit.lines()) {
    EXPECT_EQ(line.find("canary"), std::string::npos);
    EXPECT_EQ(line.find("47110815"), std::string::npos);
    EXPECT_EQ(line.rfind("{\"time\":", 0), 0U) << "nothing before it, and in a fixed order";
  }
}

TEST_F(AuditTest, NamesEachClassOfError_AndEachAttempt) {
  AuditCapture audit;
  db_.when("UPDATE t SET a = 1").disconnects_before();
  const RetryPolicy at_once{.max_attempts = 2, .min_wait = 0ms, .max_wait = 0ms};
  EXPECT_THROW(db_.execute_query_with_retry("UPDATE t SET a = 1", {}, at_once), ConnectionError);
  EXPECT_THROW(db_.execute_query("SELECT :missing"), InvalidArgument);
  EXPECT_THROW(db_.transaction([](Transaction&) { throw std::runtime_error{"canary"}; }),
               std::runtime_error);
  const auto lines = parsed(audit.lines());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0]["attempt"], 1);
  EXPECT_EQ(lines[0]["retried"], true);
  EXPECT_EQ(lines[1]["attempt"], 2);
  EXPECT_EQ(lines[1]["error"], "ConnectionError");
  EXPECT_FALSE(lines[1].contains("retried"));
  EXPECT_EQ(lines[2]["error"], "InvalidArgument");
  EXPECT_EQ(lines[3]["outcome"], "exception_of_the_caller");
  EXPECT_FALSE(lines[3].contains("error")) << "its name and text are the flow's";
}

TEST_F(AuditTest, TakesFromTheProcessWhoRuns_WhereNoContextSaysIt) {
  const Variable flow{"PREFECT__FLOW_NAME", "of-prefect"};
  {
    const Variable of_prefect_1{"PREFECT__CONTEXT__FLOW_RUN_ID", "run-of-prefect-1"};
    AuditCapture audit;
    read();
    EXPECT_EQ(parsed(audit.lines())[0]["run_id"], "run-of-prefect-1");
  }
  const Variable run{"PREFECT__FLOW_RUN_ID", "run-of-prefect"};
  AuditCapture audit;
  read();
  const RunContext context{{.run_id = "own \xFF"}};
  read();
  const auto lines = parsed(audit.lines());
  EXPECT_EQ(lines[0]["run_id"], "run-of-prefect");
  EXPECT_EQ(lines[0]["flow"], "of-prefect");
  EXPECT_NE(lines[0]["user"], "");
  EXPECT_EQ(lines[1]["run_id"], "own \uFFFD");
  EXPECT_EQ(lines[1]["user"], lines[0]["user"]);
}

TEST_F(AuditTest, IsOffUntilItIsAskedFor_AndAfterwards) {
  auto audit = std::make_unique<AuditCapture>();
  read();
  EXPECT_EQ(audit->lines().size(), 1U);
  set_audit_logger(nullptr);
  read();
  EXPECT_EQ(audit->lines().size(), 1U);
}

TEST_F(AuditTest, LosesNoLine_OfManyThreads) {
  AuditCapture audit;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const RunContext run{{.task = std::to_string(i)}};
      for (int n = 0; n < 100; ++n) read();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(parsed(audit.lines()).size(), 400U);
}

class FullDisk final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg&) override { throw std::runtime_error{"disk full"}; }
  void flush_() override {}
};

TEST_F(AuditTest, BreaksNoCall_WhenItCannotBeWritten_AndSaysSoOnce) {
  LogCapture log;
  set_audit_logger(std::make_shared<spdlog::logger>("audit", std::make_shared<FullDisk>()));
  for (int i = 0; i < 5; ++i) read();
  set_audit_logger(nullptr);
  const auto said = log.with("audit=incomplete");
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("disk full"), std::string::npos);
  EXPECT_EQ(said[0].rfind("error ", 0), 0U);
}

class AccessWatchTest : public AuditTest {
 protected:
  ~AccessWatchTest() override { set_access_watch({}); }
};

TEST_F(AccessWatchTest, WarnsOnceOfWhatIsUnusual_ForEachDatabase) {
  set_access_watch({.error_burst = 3, .authentication_failures = 2});
  LogCapture log;
  db_.when("SELECT 2").fails_with(AuthenticationError{"no", {.sqlstate = "28P01"}});
  const RunContext run{{.flow = "rpa1"}};
  for (int i = 0; i < 10; ++i) {
    remove();
    EXPECT_THROW(db_.execute_query("SELECT 2"), AuthenticationError);
  }
  MockDatabaseManager other{"other_db"};
  EXPECT_THROW(other.execute_query("SELECT 3"), QueryError);
  for (int i = 0; i < 10; ++i) {
    EXPECT_THROW(other.transaction([](Transaction&) { throw std::runtime_error{"own"}; }),
                 std::runtime_error);
  }
  EXPECT_EQ(log.with("unusual="),
            (std::vector<std::string>{
                "warning database=rpa_db unusual=error_burst failures=3 within_s=60 flow=rpa1",
                "warning database=rpa_db unusual=authentication_failures failures=2 within_s=300"
                " flow=rpa1"}));
}

TEST_F(AccessWatchTest, IsSilent_WhenSwitchedOff_AndRefusesNonsense) {
  set_access_watch(no_access_watch);
  LogCapture log;
  for (int i = 0; i < 30; ++i) remove();
  EXPECT_TRUE(log.with("unusual=").empty());
  EXPECT_THROW(set_access_watch({.rate_factor = 0.5}), InvalidArgument);
  EXPECT_THROW(set_access_watch({.error_burst = 10'001}), InvalidArgument);
  EXPECT_THROW(set_access_watch({.rate_interval = 0ms}), InvalidArgument);
}

TEST_F(AccessWatchTest, GoesOnInAChild_WhateverItsParentsThreadsAreDoing) {
  if (!test_support::can_children_work) GTEST_SKIP() << "under the thread sanitizer";
  set_access_watch({.error_burst = 1});
  std::atomic<bool> is_over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      logging::Operation operation;
      operation.database_name = "rpa_db";
      while (!is_over) logging::watch_access(operation);
    });
  }
  int failures = 0;
  for (int i = 0; i < 30; ++i) {
    const auto child = fork();
    if (child == 0) {
      alarm(20);  // rather than to wait for a mutex that nobody holds
      LogCapture log;
      MockDatabaseManager own{"own_db"};
      own.when("DELETE FROM t").fails_with(QueryError{"no"});
      try {
        own.execute_query("DELETE FROM t");
      } catch (const QueryError&) {
      }
      _exit(log.with("unusual=error_burst").size() == 1 ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    if (status != 0) ++failures;
  }
  is_over = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace flowdb
