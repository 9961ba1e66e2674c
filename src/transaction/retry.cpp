#include "transaction/retry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string_view>
#include <utility>

namespace flowdb::retry {
namespace {

using std::chrono::nanoseconds;

constexpr double kCenturyInSeconds = 3.2e9;  // more would not fit into nanoseconds

bool is_conflict(const FailureFacts& failure) {
  constexpr int kDeadlockVictim = 1205;  // SQL Server
  // 26000, 0A000: a statement that flowdb had prepared is out of date, which cost the transaction.
  // 40000: the answer to COMMIT was lost, and the server said afterwards that it had rolled back.
  static constexpr std::array<std::string_view, 5> kStates{"40000", "40001", "40P01", "26000",
                                                           "0A000"};
  return failure.native_code() == kDeadlockVictim ||
         std::find(kStates.begin(), kStates.end(), failure.sqlstate()) != kStates.end();
}

/// The error is the server's own word on the statement. Class 08 tells of a connection: what became
/// of a statement that was under way does not follow from it.
bool has_server_said_so(const FailureFacts& failure) {
  return !failure.sqlstate().empty() && failure.sqlstate().substr(0, 2) != "08";
}

}  // namespace

Chance chance_after(const FailureFacts& failure, const Work& work) {
  // A procedure may have committed before the server refused it: that answer was not lost.
  const bool refused = dynamic_cast<const QueryError*>(&failure) != nullptr;
  const bool lost_answer = failure.is_outcome_unknown() && failure.phase() == Phase::sent &&
                           (!refused || is_conflict(failure));
  if (!failure.is_transient() && !(lost_answer && work.idempotent)) {
    return Chance::none;
  }
  if (is_conflict(failure)) {
    return work.whole_transaction ? Chance::conflict : Chance::none;
  }
  const bool never_sent = failure.phase() == Phase::not_sent && !failure.is_outcome_unknown();
  const bool rolled_back = has_server_said_so(failure) && !failure.is_outcome_unknown();
  const bool safe = never_sent || work.idempotent || (rolled_back && work.whole_transaction);
  return safe ? Chance::connection : Chance::none;
}

Backoff::Backoff(const RetryPolicy& policy, std::function<double()> random)
    : policy_(policy), random_(std::move(random)) {}

std::optional<nanoseconds> Backoff::next_wait(Chance chance, nanoseconds remaining) {
  nanoseconds wait{0};
  if (chance == Chance::connection && connection_failures_ + 1 < policy_.max_attempts) {
    ++connection_failures_;
    wait = connection_wait();
  } else if (chance == Chance::conflict && (policy_.max_conflict_attempts == 0 ||
                                            conflicts_ + 1 < policy_.max_conflict_attempts)) {
    ++conflicts_;
    wait = conflict_wait();
  } else {
    return std::nullopt;
  }
  if (wait >= remaining) {
    return std::nullopt;
  }
  ++attempt_;
  return wait;
}

/// tenacity's wait_exponential(multiplier, min, max), less a part that chance decides.
nanoseconds Backoff::connection_wait() const {
  const double seconds = policy_.multiplier * std::exp2(connection_failures_ - 1);
  const double longest = std::chrono::duration<double>(policy_.max_wait).count();
  const double shortest = std::chrono::duration<double>(policy_.min_wait).count();
  const double bounded = std::max(shortest, std::min(seconds, longest));
  const double jittered = std::min(bounded * (1.0 - policy_.jitter * random_()), kCenturyInSeconds);
  return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(jittered));
}

/// Anything from nothing to the full wait: those who collided must not collide again.
nanoseconds Backoff::conflict_wait() const {
  const double doubled = std::exp2(std::min(conflicts_ - 1, 30));
  const double full = std::min(doubled * static_cast<double>(policy_.conflict_min_wait.count()),
                               static_cast<double>(policy_.conflict_max_wait.count()));
  const std::chrono::duration<double, std::milli> wait{full * random_()};
  return std::chrono::duration_cast<nanoseconds>(wait);
}

void check_policy(const RetryPolicy& policy) {
  const auto require = [](bool condition, const char* what) {
    if (!condition) {
      throw InvalidArgument(std::string{"RetryPolicy: "} + what);
    }
  };
  require(policy.max_attempts >= 1, "max_attempts must be at least 1");
  require(policy.min_wait.count() >= 0, "min_wait must not be negative");
  require(policy.max_wait >= policy.min_wait, "max_wait must not be less than min_wait");
  require(policy.multiplier >= 0 && std::isfinite(policy.multiplier),
          "multiplier must be a number that is not negative");
  require(policy.jitter >= 0 && policy.jitter <= 1, "jitter must be between 0 and 1");
  require(policy.conflict_min_wait.count() >= 0, "conflict_min_wait must not be negative");
  require(policy.conflict_max_wait >= policy.conflict_min_wait,
          "conflict_max_wait must not be less than conflict_min_wait");
  require(policy.max_conflict_attempts >= 0, "max_conflict_attempts must not be negative");
}

double random_part() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

}  // namespace flowdb::retry
