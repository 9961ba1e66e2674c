#include "transaction/retry.hpp"

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace flowdb::retry {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr Work once{};
constexpr Work twice{.idempotent = true};
constexpr Work whole{.whole_transaction = true};

ErrorFacts facts(Phase phase, bool transient, std::string sqlstate = {}, bool unknown = false) {
  return {.sqlstate = std::move(sqlstate),
          .transient = transient,
          .outcome_unknown = unknown,
          .phase = phase};
}

struct ChanceCase {
  const char* what;
  ErrorFacts facts;
  Chance once;
  Chance idempotent;
  Chance whole_transaction;
};

void expect_chances(const std::vector<ChanceCase>& cases) {
  for (const auto& each : cases) {
    const Error error{each.what, each.facts};
    EXPECT_EQ(chance_after(error, once), each.once) << each.what;
    EXPECT_EQ(chance_after(error, twice), each.idempotent) << each.what;
    EXPECT_EQ(chance_after(error, whole), each.whole_transaction) << each.what;
  }
}

TEST(RetryChance, IsGivenOnlyWhereRunningAgainIsSafeAndMayHelp) {
  constexpr auto no = Chance::none;
  constexpr auto connection = Chance::connection;
  const auto sent = Phase::sent;
  expect_chances({
      {"a syntax error", facts(sent, false, "42601"), no, no, no},
      {"a wrong password", facts(Phase::not_sent, false, "28P01"), no, no, no},
      {"a timeout", facts(sent, false, "57014"), no, no, no},
      {"a full disk", facts(sent, false, "53100"), no, no, no},
      {"no server", facts(Phase::not_sent, true), connection, connection, connection},
      {"too many clients", facts(Phase::not_sent, true, "53300"), connection, connection,
       connection},
      {"lost before the answer", facts(sent, true), no, connection, no},
      {"ended by the server", facts(sent, true, "57P01"), no, connection, connection},
      {"a lock not to be had", facts(sent, true, "55P03"), no, connection, connection},
  });
}

TEST(RetryChance, AfterAnUnknownOutcomeIsForWhatMayRunTwice) {
  constexpr auto no = Chance::none;
  const auto unknown = [](Phase phase, bool transient, std::string sqlstate = {}) {
    return facts(phase, transient, std::move(sqlstate), true);
  };
  expect_chances({
      {"a write without an answer", unknown(Phase::sent, false), no, Chance::connection, no},
      {"a write whose end is unknown", unknown(Phase::sent, true, "57P01"), no, Chance::connection,
       no},
      {"a COMMIT without an answer", unknown(Phase::committing, false), no, no, no},
  });
}

TEST(RetryChance, AfterAConflictIsForWholeTransactionsAlone) {
  constexpr auto no = Chance::none;
  auto deadlock_victim = facts(Phase::sent, true);
  deadlock_victim.native_code = 1205;
  expect_chances({
      {"a serialization failure", facts(Phase::sent, true, "40001"), no, no, Chance::conflict},
      {"a deadlock", facts(Phase::sent, true, "40P01"), no, no, Chance::conflict},
      {"a deadlock of SQL Server", deadlock_victim, no, no, Chance::conflict},
      {"one that shows at COMMIT", facts(Phase::committing, true, "40001"), no, no,
       Chance::conflict},
  });
}

TEST(RetryChance, AfterARefusalThatMayHaveCommittedBeforeIsForConflictsOfWhatMayRunTwice) {
  // The executor takes what is idempotent for a whole, too.
  constexpr Work idempotent_whole{.idempotent = true, .whole_transaction = true};
  const auto refused = [](std::string sqlstate) {
    return QueryError{"a procedure", facts(Phase::sent, false, std::move(sqlstate), true)};
  };
  EXPECT_EQ(chance_after(refused("40001"), once), Chance::none);
  EXPECT_EQ(chance_after(refused("40001"), idempotent_whole), Chance::conflict);
  EXPECT_EQ(chance_after(refused("22012"), idempotent_whole), Chance::none) << "it fails again";
}

std::vector<std::optional<nanoseconds>> waits(const RetryPolicy& policy, Chance chance, int count,
                                              double chosen = 0,
                                              nanoseconds remaining = nanoseconds::max()) {
  Backoff backoff{policy, [chosen] { return chosen; }};
  std::vector<std::optional<nanoseconds>> all;
  for (int i = 0; i < count; ++i) {
    EXPECT_EQ(backoff.attempt(), i + 1);
    all.push_back(backoff.next_wait(chance, remaining));
    if (!all.back()) break;
  }
  return all;
}

using Waits = std::vector<std::optional<nanoseconds>>;

TEST(Backoff, WaitsAsTenacitysWaitExponentialDoes) {
  const RetryPolicy patient{.max_attempts = 7, .jitter = 0};
  EXPECT_EQ(waits(patient, Chance::connection, 10),
            (Waits{4s, 4s, 4s, 8s, 10s, 10s, std::nullopt}));
  const RetryPolicy usual{};
  EXPECT_EQ(waits(usual, Chance::connection, 10), (Waits{4s, 4s, std::nullopt}));
  const RetryPolicy halves{.max_attempts = 5, .min_wait = 0ms, .max_wait = 3s, .multiplier = 0.5};
  EXPECT_EQ(waits(halves, Chance::connection, 10), (Waits{500ms, 1s, 2s, 3s, std::nullopt}));
  EXPECT_EQ(waits({.max_attempts = 1}, Chance::connection, 1), (Waits{std::nullopt}));
}

TEST(Backoff, TakesNoMoreThanItsJitterAway) {
  const RetryPolicy policy{.max_attempts = 5, .jitter = 0.25};
  EXPECT_EQ(waits(policy, Chance::connection, 1, 0.5).at(0), 3500ms);
  const auto shortest = waits(policy, Chance::connection, 4, 1 - 1e-9);
  for (const auto& [given, least, most] :
       {std::tuple{shortest.at(0), 3s, 4s}, std::tuple{shortest.at(3), 6s, 8s}}) {
    EXPECT_GE(*given, least);
    EXPECT_LT(*given, least + 1ms);
    EXPECT_LT(*given, most);
  }
}

TEST(Backoff, StaysFinite_HoweverManyAttemptsThereAre) {
  const RetryPolicy policy{.max_attempts = 3000, .jitter = 0};
  EXPECT_EQ(waits(policy, Chance::connection, 2500).back(), 10s);
  EXPECT_EQ(waits({}, Chance::conflict, 2500, 1).back(), 500ms);
  const RetryPolicy endless{.max_attempts = 3000, .max_wait = std::chrono::milliseconds::max()};
  EXPECT_GT(waits(endless, Chance::connection, 2500).back(), 24h);
}

TEST(Backoff, DoublesAfterConflicts_WithAllOfItUpToChance) {
  EXPECT_EQ(waits({}, Chance::conflict, 9, 1),
            (Waits{5ms, 10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 500ms, 500ms}));
  EXPECT_EQ(waits({}, Chance::conflict, 3, 0), (Waits{0ms, 0ms, 0ms}));
  EXPECT_EQ(waits({}, Chance::conflict, 2, 0.5), (Waits{2500us, 5ms}));
  const RetryPolicy limited{.max_conflict_attempts = 3};
  EXPECT_EQ(waits(limited, Chance::conflict, 9, 0), (Waits{0ms, 0ms, std::nullopt}));
}

TEST(Backoff, CountsConflictsAndLostConnectionsApart) {
  const RetryPolicy policy{.max_attempts = 2, .jitter = 0, .max_conflict_attempts = 2};
  Backoff backoff{policy, [] { return 1.0; }};
  EXPECT_EQ(backoff.next_wait(Chance::conflict, 1h), 5ms);
  EXPECT_EQ(backoff.next_wait(Chance::connection, 1h), 4s);
  EXPECT_EQ(backoff.attempt(), 3);
  EXPECT_EQ(backoff.next_wait(Chance::conflict, 1h), std::nullopt);
  EXPECT_EQ(backoff.next_wait(Chance::connection, 1h), std::nullopt);
  EXPECT_EQ(backoff.attempt(), 3);
}

TEST(Backoff, NeverWaitsUntilTheDeadlineOrBeyond) {
  const RetryPolicy policy{.jitter = 0};
  EXPECT_EQ(waits(policy, Chance::connection, 1, 0, 4s), (Waits{std::nullopt}));
  EXPECT_EQ(waits(policy, Chance::connection, 1, 0, 4s + 1ns), (Waits{4s}));
  EXPECT_EQ(waits(policy, Chance::conflict, 1, 1, 5ms), (Waits{std::nullopt}));
  EXPECT_EQ(waits(policy, Chance::conflict, 1, 0, 0ns), (Waits{std::nullopt}));
  EXPECT_EQ(waits(policy, Chance::none, 1), (Waits{std::nullopt}));
}

TEST(RetryPolicyCheck, RefusesNumbersThatMakeNoSense) {
  EXPECT_NO_THROW(check_policy({}));
  const RetryPolicy senseless[] = {
      {.max_attempts = 0},
      {.min_wait = -1ms},
      {.min_wait = 2s, .max_wait = 1s},
      {.multiplier = -1},
      {.multiplier = std::numeric_limits<double>::quiet_NaN()},
      {.jitter = 1.5},
      {.jitter = -0.1},
      {.conflict_min_wait = -1ms},
      {.conflict_min_wait = 2ms, .conflict_max_wait = 1ms},
      {.max_conflict_attempts = -1},
  };
  for (const auto& policy : senseless) {
    EXPECT_THROW(check_policy(policy), InvalidArgument);
  }
}

}  // namespace
}  // namespace flowdb::retry
