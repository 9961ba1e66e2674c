#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/manager_for.hpp"
#include "integration/stopwatch.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

using namespace std::chrono_literals;
using tds_server::ErrorScope;
using tds_server::Fault;
using tds_server::FaultKind;
using tds_server::FaultPlan;
using tds_server::ScriptedAnswer;
using tds_server::SqlError;
using tds_server::TypeKind;
using testing::HasSubstr;
using testing::Not;

/// What goes wrong at the server, and what flowdb makes of it by way of the real driver.
class TdsFaults : public testing::Test {
 protected:
  TdsFaults() { database().exec("CREATE TABLE done (id int)"); }

  test_support::TestDatabase& database() { return target_.database(); }
  void plan(const FaultPlan& plan) { target_.server().set_faults(plan); }
  DatabaseManager manager(DatabaseOptions options = one_connection()) const {
    return manager_for(target_.url_with("encrypt=no"), options);
  }
  /// How often `id` was written, by another way than through the server.
  std::string count(int id) {
    return database().scalar("SELECT count(*) FROM done WHERE id = " + std::to_string(id));
  }

  /// Cuts the answer to a request that contains `request` behind each of its bytes, until `action`
  /// is not disturbed any more; what it throws is handed to `judge`.
  void cut_at_every_byte(const std::string& request,
                         const std::function<void(DatabaseManager&)>& action,
                         const std::function<void(const Error&)>& judge) {
    auto db = manager();
    bool whole = false;
    std::uint64_t byte = 0;
    for (; !whole && byte < 1000; ++byte) {
      SCOPED_TRACE("cut behind byte " + std::to_string(byte));
      target_.server().clear_faults();
      db.execute_query("SELECT 1 AS one");
      FaultPlan faults;
      faults.request = request;
      faults.at_answer = Fault{byte % 2 == 0 ? FaultKind::reset : FaultKind::close, byte};
      plan(faults);
      try {
        action(db);
        whole = true;
      } catch (const Error& error) {
        judge(error);
      }
    }
    EXPECT_TRUE(whole);
    EXPECT_GT(byte, 20U) << "the answer's header alone is longer";
  }

  TdsTarget target_;
};

bool is_commit_unknown(const Error& error) {
  return dynamic_cast<const CommitUnknownError*>(&error) != nullptr && error.is_outcome_unknown() &&
         !error.is_transient();
}

TEST_F(TdsFaults, ACommitWhoseAnswerIsCutAnywhereIsUnknown_AndWasApplied) {
  int id = 0;
  cut_at_every_byte(
      "COMMIT",
      [&](DatabaseManager& db) {
        ++id;
        db.transaction([&](Transaction& tx) {
          tx.execute_query("INSERT INTO done VALUES (:id)", {{"id", id}});
        });
      },
      [](const Error& error) {
        EXPECT_TRUE(is_commit_unknown(error)) << error.what();
        EXPECT_EQ(error.phase(), Phase::committing);
      });
  for (int written = 1; written <= id; ++written) EXPECT_EQ(count(written), "1") << written;
}

TEST_F(TdsFaults, AWriteWhoseAnswerIsCutAnywhereIsUnknown_AndNeverRunTwice) {
  int id = 0;
  cut_at_every_byte(
      "INSERT INTO done",
      [&](DatabaseManager& db) {
        ++id;
        db.execute_query_with_retry("INSERT INTO done VALUES (:id)", {{"id", id}});
      },
      [](const Error& error) { EXPECT_TRUE(is_commit_unknown(error)) << error.what(); });
  for (int written = 1; written <= id; ++written) EXPECT_EQ(count(written), "1") << written;
}

TEST_F(TdsFaults, AnErrorBehindAnyRowFailsTheCall_AndAStreamHasOnlyRightRows) {
  auto db = manager();
  const std::string digits = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
  const auto rows_of = [&](const std::string& columns) {
    return "SELECT " + columns + " FROM (SELECT a.n + 10 * b.n AS id FROM " + digits +
           " AS a (n) CROSS JOIN " + digits + " AS b (n)) AS planned ORDER BY id";
  };
  for (const std::string columns : {"id, CAST(CONCAT('number ', id) AS nvarchar(40)) AS name",
                                    "id, CAST(CONCAT('number ', id) AS nvarchar(max)) AS name"}) {
    const auto select = rows_of(columns);
    for (std::uint64_t row = 0; row <= 100; row += row < 20 || row > 90 ? 1 : 7) {
      SCOPED_TRACE("behind " + std::to_string(row) + " rows of " + columns);
      FaultPlan faults;
      faults.request = "planned";
      faults.error = SqlError{8134, "Divide by zero error encountered."};
      faults.error_after_rows = row;
      plan(faults);
      EXPECT_EQ(thrown_by<QueryError>([&] { db.execute_query(select); }).native_code(), 8134);
      std::uint64_t seen = 0;
      const auto error = thrown_by<QueryError>([&] {
        for (const auto& streamed : db.stream_query(select)) {
          ASSERT_EQ(streamed["id"].as<std::uint64_t>(), seen);
          ASSERT_EQ(streamed["name"].as<std::string>(), "number " + std::to_string(seen));
          ++seen;
        }
      });
      EXPECT_EQ(error.native_code(), 8134);
      EXPECT_LE(seen, row);
    }
    target_.server().clear_faults();
    EXPECT_EQ(db.execute_query(select).size(), 100U);
  }
}

TEST_F(TdsFaults, ADeadlocksVictimAtTheCommitRunsAgain_UnlessItMayNot) {
  auto db = manager();
  FaultPlan victim;
  victim.request = "COMMIT";
  victim.error = SqlError{1205, "Chosen as the deadlock victim.", 13, ErrorScope::transaction};
  plan(victim);
  int runs = 0;
  const auto work = [&](int id) {
    return [&, id](Transaction& tx) {
      if (++runs == 3) target_.server().clear_faults();
      tx.execute_query("INSERT INTO done VALUES (:id)", {{"id", id}});
    };
  };
  const auto error =
      thrown_by<QueryError>([&] { db.transaction(work(1), {.retry_conflicts = false}); });
  EXPECT_EQ(error.native_code(), 1205);
  EXPECT_TRUE(error.is_transient());
  EXPECT_FALSE(error.is_outcome_unknown());
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(count(1), "0");
  db.transaction(work(2));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(count(2), "1");
}

TEST_F(TdsFaults, AnErrorAtTheCommitThatSaysWhatBecameOfItIsNoCommitUnknownError) {
  auto db = manager();
  FaultPlan doomed;
  doomed.request = "COMMIT";
  doomed.error = SqlError{3930, "The current transaction cannot be committed.", 16};
  plan(doomed);
  const auto error = thrown_by<TransactionError>([&] {
    db.transaction([](Transaction& tx) { tx.execute_query("INSERT INTO done VALUES (1)"); });
  });
  EXPECT_EQ(error.native_code(), 3930);
  EXPECT_FALSE(error.is_outcome_unknown());
  target_.server().clear_faults();
  EXPECT_EQ(db.execute_query("SELECT COUNT(*) AS n FROM done").scalar<int>(), 0);
}

TEST_F(TdsFaults, ARefusedLoginIsWhatItsNumberSays) {
  struct Refusal {
    int number;
    bool is_authentication;
    bool is_transient;
  };
  for (const auto& refusal :
       {Refusal{18456, true, false}, Refusal{18488, true, false}, Refusal{4064, false, false},
        Refusal{18401, false, true}, Refusal{40613, false, true}, Refusal{40501, false, true}}) {
    SCOPED_TRACE(refusal.number);
    FaultPlan faults;
    faults.refuse_login = SqlError{refusal.number, "This login is refused.", 14};
    plan(faults);
    // A manager of its own for each call: the pool would not ask again at once.
    const auto query = [&] { return manager().execute_query("SELECT 1 AS one"); };
    const ConnectionError error = refusal.is_authentication ? thrown_by<AuthenticationError>(query)
                                                            : thrown_by<ConnectionError>(query);
    EXPECT_EQ(error.native_code(), refusal.number);
    EXPECT_EQ(error.is_transient(), refusal.is_transient);
    EXPECT_FALSE(error.is_outcome_unknown());
    EXPECT_EQ(error.phase(), Phase::not_sent);
    EXPECT_THAT(error.what(), Not(HasSubstr(TdsTarget::kPassword)));
    target_.server().clear_faults();
    EXPECT_EQ(query().scalar<int>(), 1);
  }
}

TEST_F(TdsFaults, AScriptedAnswerArrivesAsItIsWritten) {
  ScriptedAnswer answer;
  answer.fields = {{"id", {TypeKind::bigint}},
                   {"name", {TypeKind::nvarchar, 20}},
                   {"note", {TypeKind::nvarchar, tds_server::DataType::kMax}},
                   {"amount", {TypeKind::decimal, 0, 38, 10}},
                   {"moment", {TypeKind::datetime2, 0, 0, 7}},
                   {"bytes", {TypeKind::varbinary, 8}}};
  answer.rows = {
      {"-9223372036854775808", "Grüße 🚀", std::string(9000, 'n'),
       "1234567890123456789012345678.0123456789", "0001-01-01 00:00:00.0000001", "\\x00ff"},
      {std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}};
  FaultPlan script;
  script.request = "scripted";
  script.answer = answer;
  plan(script);
  auto db = manager();
  for (const Params& params : {Params{}, Params{{"id", 5}}}) {
    const auto rows = db.execute_query(
        params.empty() ? "SELECT scripted" : "SELECT scripted WHERE id = :id", params);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["id"].as<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(rows[0]["name"].as<std::string>(), "Grüße 🚀");
    EXPECT_EQ(rows[0]["note"].as<std::string>(), std::string(9000, 'n'));
    EXPECT_EQ(rows[0]["amount"].as<Decimal>(), Decimal{"1234567890123456789012345678.0123456789"});
    EXPECT_EQ(rows[0]["moment"].as<Timestamp>(), Timestamp::parse("0001-01-01 00:00:00.0000001"));
    EXPECT_EQ(rows[0]["bytes"].as<Bytes>(), (Bytes{std::byte{0}, std::byte{0xff}}));
    for (std::size_t column = 0; column < 6; ++column) EXPECT_TRUE(rows[1][column].is_null());
  }
  script.answer->error = SqlError{547, "The statement conflicted with the constraint.", 16};
  plan(script);
  EXPECT_EQ(thrown_by<ConstraintError>([&] { db.execute_query("SELECT scripted"); }).native_code(),
            547);
  script.answer = ScriptedAnswer{{}, {}, SqlError{40501, "The service is busy.", 16}};
  plan(script);
  const auto busy = thrown_by<QueryError>([&] { db.execute_query("SELECT scripted"); });
  EXPECT_EQ(busy.native_code(), 40501);
  EXPECT_TRUE(busy.is_transient());
  EXPECT_EQ(db.execute_query("SELECT 1 AS one").scalar<int>(), 1);
}

class TdsFaultsTiming : public TdsFaults {};

TEST_F(TdsFaultsTiming, ACommitWhoseAnswerStallsIsATimeoutOfUnknownOutcome) {
  auto db = manager();
  for (const std::uint64_t byte : {0U, 20U}) {
    SCOPED_TRACE(byte);
    target_.server().clear_faults();
    db.execute_query("SELECT 1 AS one");
    FaultPlan faults;
    faults.request = "COMMIT";
    faults.at_answer = Fault{FaultKind::stall, byte};
    plan(faults);
    const auto id = static_cast<int>(byte);
    const Stopwatch stopwatch;
    const auto error = thrown_by<TimeoutError>([&] {
      db.transaction(
          [&](Transaction& tx) {
            tx.execute_query("INSERT INTO done VALUES (:id)", {{"id", id}});
          },
          {.timeout = 3s});
    });
    EXPECT_LE(stopwatch.elapsed(), 3s + grace);
    EXPECT_TRUE(error.is_outcome_unknown());
    EXPECT_EQ(error.phase(), Phase::committing);
    EXPECT_EQ(count(id), "1");
  }
}

TEST_F(TdsFaultsTiming, ALoginThatStallsHoldsNobody) {
  for (const std::uint64_t byte : {0U, 1U, 40U, 200U}) {
    SCOPED_TRACE(byte);
    FaultPlan faults;
    faults.at_login = Fault{FaultKind::stall, byte};
    plan(faults);
    auto db = manager();
    const Stopwatch stopwatch;
    EXPECT_THROW(db.execute_query_with_timeout("SELECT 1 AS one", {}, 500ms), ConnectionError);
    EXPECT_LE(stopwatch.elapsed(), 500ms + grace);
  }
}

TEST_F(TdsFaultsTiming, AnAttentionWithoutAnAnswerCostsAStreamThatIsLeftItsConnection) {
  database().exec(
      "CREATE TABLE long AS SELECT n, repeat('x', 200) AS name FROM "
      "generate_series(1, 50000) AS n");
  FaultPlan deaf;
  deaf.ignores_attention = true;
  plan(deaf);
  auto db = manager();
  const int before = db.execute_query("SELECT @@SPID AS session").scalar<int>();
  std::optional<RowStream> stream{db.stream_query("SELECT n, name FROM long")};
  EXPECT_NE(stream->begin(), stream->end());
  const Stopwatch stopwatch;
  stream.reset();
  EXPECT_LE(stopwatch.elapsed(), 2s + grace) << "the server has two seconds to agree in";
  EXPECT_NE(db.execute_query("SELECT @@SPID AS session").scalar<int>(), before);
  EXPECT_EQ(db.execute_query("SELECT COUNT(*) AS n FROM long").scalar<int>(), 50000);
}

}  // namespace
}  // namespace flowdb::test
