#include "support/tds_server/tds_server.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/tds_server/tds_target.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using tds_server::Encryption;
using tds_server::FaultKind;
using tds_server::FaultPlan;
using tds_server::SqlError;

int answer_of(const std::string& url) {
  auto db = manager_for(url, one_connection());
  return db.execute_query("SELECT 40 + 2 AS answer").scalar<int>();
}

/// The server's number of the error that `sql` meets; 0 when it meets none.
int number_from(DatabaseManager& db, const std::string& sql) {
  try {
    db.execute_query(sql);
  } catch (const Error& error) {
    return error.native_code();
  }
  return 0;
}

DatabaseOptions hasty() {
  auto options = one_connection();
  options.acquire_timeout = 2s;
  return options;
}

TEST(TdsServer, LetsInWhoKnowsThePassword_WithTlsAndWithout) {
  TdsTarget target;
  EXPECT_EQ(answer_of(target.url()), 42);
  EXPECT_EQ(answer_of(target.url_with("encrypt=no")), 42);
  EXPECT_THROW(answer_of(target.url_with("encrypt=no", "wrong")), AuthenticationError);
  tds_server::TdsServerOptions options;
  options.encryption = Encryption::required;
  TdsTarget strict{options};
  EXPECT_EQ(answer_of(strict.url()), 42);
}

TEST(TdsServer, SendsEveryTypeAsItIs) {
  TdsTarget target;
  auto db = manager_for(target.url(), one_connection());
  const auto text = [&db](const std::string& expression) {
    return db.execute_query("SELECT " + expression + " AS value").scalar<std::string>();
  };
  EXPECT_EQ(text("CAST(255 AS tinyint)"), "255");
  EXPECT_EQ(text("CAST(-922337203685477.5808 AS money)"), "-922337203685477.5808");
  EXPECT_EQ(text("CAST(12.5 AS decimal(38, 20))"), "12.50000000000000000000");
  EXPECT_EQ(text("CAST(N'Grüße 🚀' AS nvarchar(max))"), "Grüße 🚀");
  EXPECT_EQ(text("CAST('Grüße' AS varchar(20))"), "Grüße");
  EXPECT_EQ(text("CAST('ab' AS char(4))"), "ab  ");
  EXPECT_EQ(db.execute_query("SELECT CAST('2024-02-29 23:59:59.9999999' AS datetime2(7)) AS value")
                .scalar<Timestamp>(),
            Timestamp::parse("2024-02-29 23:59:59.9999999"));
  EXPECT_TRUE(db.execute_query("SELECT CAST(NULL AS nvarchar(10)) AS value").one()[0].is_null());
}

TEST(TdsServer, FailsWithTheNumberThatWasPlanned_BehindSoManyRows) {
  TdsTarget target;
  auto db = manager_for(target.url(), one_connection());
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
  FaultPlan plan;
  plan.request = "planned";
  plan.error = SqlError{1205, "Chosen as the deadlock victim.", 13};
  plan.error_after_rows = 2;
  target.server().set_faults(plan);
  EXPECT_EQ(number_from(db, "SELECT v AS planned FROM (VALUES (1), (2), (3)) AS t (v)"), 1205);
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
  FaultPlan refusal;
  refusal.refuse_login = SqlError{18401, "Server is in script upgrade mode.", 14};
  target.server().set_faults(refusal);
  auto refused =
      manager_for(target.url(), {.pool_size = 1, .max_overflow = 1});  // a pool of its own
  EXPECT_EQ(number_from(refused, "SELECT 1 AS one"), 18401);
}

/// Cuts what the server sends at each byte up to the whole of it: always a typed error, then an
/// answer again.
TEST(TdsServer, CutAnywhereInAnAnswer_IsATypedErrorAndNeverAWrongRow) {
  TdsTarget target;
  auto db = manager_for(target.url_with("encrypt=no"), hasty());
  FaultPlan plan;
  plan.request = "cut_here";
  bool whole = false;
  std::uint64_t byte = 0;
  for (; !whole && byte < 4000; byte += 1) {
    plan.at_answer = {byte % 2 == 0 ? FaultKind::reset : FaultKind::close, byte};
    target.server().set_faults(plan);
    try {
      const auto rows = db.execute_query("SELECT v AS cut_here FROM (VALUES (17), (18)) AS t (v)");
      ASSERT_EQ(rows.size(), 2U) << byte;
      ASSERT_EQ(rows[0][0].as<int>() * 100 + rows[1][0].as<int>(), 1718) << byte;
      whole = true;
    } catch (const Error&) {
      target.server().clear_faults();
    }
  }
  EXPECT_TRUE(whole);
  EXPECT_GT(byte, 50U);
}

/// Each quarter of the bytes is a test of its own: every one of them takes a login.
class TdsServerLogin : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Quarter, TdsServerLogin, testing::Values(0, 1, 2, 3));

TEST_P(TdsServerLogin, CutAnywhereIsAConnectionError) {
  TdsTarget target;
  FaultPlan plan;
  bool whole = false;
  std::uint64_t byte = GetParam();
  for (; !whole && byte < 4000; byte += 4) {
    plan.at_login = {FaultKind::reset, byte};
    target.server().set_faults(plan);
    try {
      auto db = manager_for(target.url_with("encrypt=no"), hasty());
      ASSERT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1) << byte;
      whole = true;
    } catch (const ConnectionError&) {
    }
  }
  EXPECT_TRUE(whole);
  EXPECT_GT(byte, 100U);
}

TEST(TdsServerTiming, AnAttentionWithoutAnAnswerHoldsNobody) {
  TdsTarget target;
  auto db = manager_for(target.url(), one_connection());
  db.execute_query("SELECT 1 AS one");  // connects, for which there is more time
  FaultPlan plan;
  plan.ignores_attention = true;
  target.server().set_faults(plan);
  const Stopwatch stopwatch;
  EXPECT_THROW(db.execute_query_with_timeout("WAITFOR DELAY '00:00:30'", {}, 1s), TimeoutError);
  EXPECT_LE(stopwatch.elapsed(), 1s + grace);
  target.server().clear_faults();
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

}  // namespace
}  // namespace flowdb::test
