#include "pool/circuit_breaker.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace flowdb::pool {
namespace {

using namespace std::chrono_literals;

/// A breaker with a clock that the test moves.
struct Breaker {
  explicit Breaker(double jitter = 0, std::chrono::milliseconds interval = 1s)
      : circuit{settings(interval), [jitter] { return jitter; }} {}

  static config::PoolSettings settings(std::chrono::milliseconds interval) {
    config::PoolSettings settings;
    settings.breaker_failures = 3;
    settings.breaker_probe_interval = interval;
    return settings;
  }
  void fail(OpenFailure failure = OpenFailure::server) { circuit.failed(failure, now); }
  /// A caller comes, time passes until the next probe, which fails; returns how long that took.
  std::chrono::milliseconds fail_probe(OpenFailure failure = OpenFailure::server) {
    circuit.turns_away(now);
    const auto due = circuit.probe_due();
    if (!due) throw std::logic_error("no probe is due");
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*due - now);
    now = *due;
    circuit.probe_begun();
    fail(failure);
    return wait;
  }

  CircuitBreaker circuit;
  CircuitBreaker::TimePoint now{1h};
};

TEST(CircuitBreaker, OpensAfterFailuresInARow) {
  Breaker breaker;
  breaker.fail();
  const auto first = breaker.now;
  breaker.now += 1s;
  breaker.fail();
  EXPECT_FALSE(breaker.circuit.turns_away(breaker.now));
  breaker.fail(OpenFailure::here);
  EXPECT_FALSE(breaker.circuit.is_open()) << "that one was not the server's";
  breaker.fail();
  EXPECT_TRUE(breaker.circuit.turns_away(breaker.now));
  EXPECT_EQ(breaker.circuit.since(), first);
  EXPECT_EQ(breaker.circuit.next_attempt(), breaker.now + 100ms);
}

TEST(CircuitBreaker, CountsAnew_WhenOneSucceeds) {
  Breaker breaker;
  breaker.fail();
  breaker.fail();
  breaker.circuit.succeeded();
  breaker.fail();
  breaker.fail();
  EXPECT_FALSE(breaker.circuit.is_open());
  breaker.fail();
  EXPECT_TRUE(breaker.circuit.is_open());
  breaker.circuit.succeeded();
  EXPECT_FALSE(breaker.circuit.turns_away(breaker.now));
  EXPECT_EQ(breaker.circuit.probe_due(), std::nullopt);
}

TEST(CircuitBreaker, ProbesAtIntervalsThatDouble_OneAtATime) {
  Breaker breaker;
  for (int i = 0; i < 3; ++i) breaker.fail();
  const auto start = breaker.now;
  breaker.fail();  // had been under way when it opened
  EXPECT_EQ(breaker.circuit.next_attempt(), start + 100ms);
  for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    EXPECT_EQ(breaker.fail_probe(), expected);
  }
  breaker.circuit.probe_begun();
  EXPECT_EQ(breaker.circuit.probe_due(), std::nullopt);
  EXPECT_TRUE(breaker.circuit.turns_away(breaker.now + 1h)) << "its result is awaited";
}

TEST(CircuitBreaker, ProbesNotInStepWithOthers) {
  Breaker breaker{0.8};
  for (int i = 0; i < 3; ++i) breaker.fail();
  EXPECT_EQ(breaker.fail_probe(), 80ms);
  EXPECT_EQ(breaker.fail_probe(), 160ms);
}

TEST(CircuitBreaker, OpensAtTheFirstRefusalOfAPassword_AndProbesEverMoreRarely) {
  Breaker breaker;
  breaker.fail(OpenFailure::authentication);
  EXPECT_TRUE(breaker.circuit.is_open());
  for (auto expected = 100ms; expected < 25s; expected *= 2) {
    EXPECT_EQ(breaker.fail_probe(OpenFailure::authentication), expected);
  }
  EXPECT_EQ(breaker.fail_probe(OpenFailure::authentication), 25'600ms);
  EXPECT_EQ(breaker.fail_probe(OpenFailure::authentication), 30s);
  EXPECT_EQ(breaker.fail_probe(OpenFailure::server), 30s);
  EXPECT_EQ(breaker.fail_probe(OpenFailure::server), 1s) << "another matter now";
}

TEST(CircuitBreaker, CeasesToProbe_WhenNobodyAsks_AndLetsTheNextOneTry) {
  Breaker breaker;
  for (int i = 0; i < 3; ++i) breaker.fail();
  breaker.circuit.turns_away(breaker.now);
  const auto asked = breaker.now;
  int probes = 0;
  for (auto due = breaker.circuit.probe_due(); due; due = breaker.circuit.probe_due()) {
    breaker.now = *due;
    breaker.circuit.probe_begun();
    breaker.fail();
    ++probes;
  }
  EXPECT_GT(probes, 290);
  EXPECT_GE(breaker.now, asked + 5min - 1s);
  EXPECT_FALSE(breaker.circuit.turns_away(breaker.now)) << "he finds out himself";
  breaker.fail();
  EXPECT_TRUE(breaker.circuit.turns_away(breaker.now)) << "one more is enough";
}

TEST(CircuitBreaker, NeverOpens_WhenItIsOff) {
  auto settings = Breaker::settings(1s);
  settings.breaker_failures = 0;
  CircuitBreaker circuit{settings, [] { return 0.0; }};
  for (int i = 0; i < 100; ++i) circuit.failed(OpenFailure::server, Breaker{}.now);
  circuit.failed(OpenFailure::authentication, Breaker{}.now);
  EXPECT_FALSE(circuit.turns_away(Breaker{}.now));
}

}  // namespace
}  // namespace flowdb::pool
