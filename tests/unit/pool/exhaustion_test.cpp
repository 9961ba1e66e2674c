#include "pool/exhaustion.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

ConnectionHolder holder(std::chrono::milliseconds held, bool is_running) {
  return {.operation = "transaction",
          .call_site = "rpa1/load.cpp:42",
          .context = "rpa1/load",
          .thread = 7,
          .held = held,
          .is_running = is_running,
          .statement = "UPDATE t SET a = ?"};
}

/// All connections are lent, and somebody has waited for two seconds.
PoolExhaustion report_of(std::vector<ConnectionHolder> holders) {
  PoolExhaustion report;
  report.database_name = "rpa_db";
  report.waited = 2s;
  report.max_connections = holders.size();
  report.checked_out = holders.size();
  report.waiting = 3;
  report.holders = std::move(holders);
  return report;
}

TEST(ExhaustionCause, IsALeak_WhereMostHoldersRunNothing) {
  EXPECT_EQ(likely_cause(report_of({holder(9s, false), holder(2s, false), holder(1s, true)})),
            ExhaustionCause::leak);
}

TEST(ExhaustionCause, IsSlowStatements_WhereMostHoldersHaveBeenAtThemForLonger) {
  EXPECT_EQ(likely_cause(report_of({holder(9s, true), holder(2s, true), holder(9s, false)})),
            ExhaustionCause::slow_statements);
}

TEST(ExhaustionCause, IsThePoolsSize_WhereConnectionsComeAndGo) {
  EXPECT_EQ(likely_cause(report_of({holder(9s, false), holder(1799ms, true), holder(1ms, true)})),
            ExhaustionCause::pool_too_small);
  auto impatient = report_of({holder(900ms, true), holder(900ms, false)});
  impatient.waited = 5ms;
  EXPECT_EQ(likely_cause(impatient), ExhaustionCause::pool_too_small) << "who has seen so little";
}

TEST(ExhaustionCause, IsTheServer_WhereConnectionsAreMissingThatCannotBeOpened) {
  auto report = report_of({holder(9s, true)});
  report.max_connections = 5;
  EXPECT_EQ(likely_cause(report), ExhaustionCause::slow_statements);
  report.last_connect_error = "no route";
  EXPECT_EQ(likely_cause(report), ExhaustionCause::server_down);
  report.last_connect_error.reset();
  report.invalid = 4;
  EXPECT_EQ(likely_cause(report), ExhaustionCause::server_down);
  report.max_connections = 1;
  EXPECT_EQ(likely_cause(report), ExhaustionCause::slow_statements);
}

TEST(ExhaustionText, NamesCauseAndHolders) {
  auto report = report_of({holder(12'345ms, true), holder(3s, false)});
  report.cause = ExhaustionCause::leak;
  report.last_connect_error = "rpa_db: no route";
  const auto text = describe(report);
  EXPECT_THAT(text, HasSubstr("rpa_db: no connection became free within 2000 ms (active=2, idle=0, "
                              "opening=0, invalid=0, waiting=3, maximum=2). Likely cause: "));
  EXPECT_THAT(text, HasSubstr("a leak"));
  EXPECT_THAT(text,
              HasSubstr("Held by: transaction at rpa1/load.cpp:42 in rpa1/load (thread 7, for "
                        "12345 ms, running UPDATE t SET a = ?); transaction at"));
  EXPECT_THAT(text, HasSubstr("for 3000 ms, running nothing since UPDATE"));
  EXPECT_THAT(text, HasSubstr("The last failure to connect: rpa_db: no route"));
}

TEST(ExhaustionText, StaysShort_ThoughThereAreManyHolders) {
  const auto text = describe(report_of(std::vector(40, holder(3s, true))));
  EXPECT_THAT(text, HasSubstr("; and 35 more."));
  EXPECT_LT(text.size(), 1500U);
  EXPECT_THAT(describe(ConnectionHolder{}), Not(HasSubstr(" at ")));
}

}  // namespace
}  // namespace flowdb::pool
