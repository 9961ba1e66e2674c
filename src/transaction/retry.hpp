#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include <flowdb/error.hpp>
#include <flowdb/options.hpp>

#include "core/clock.hpp"
#include "core/deadline.hpp"

namespace flowdb::retry {

/// What kind of second chance a failure deserves.
enum class Chance {
  none,
  connection,  ///< the server could not be reached or is overloaded: wait, then try again
  conflict,    ///< the server rolled the transaction back because of others: try again soon
};

/// What is known of the work that failed.
struct Work {
  bool idempotent = false;         ///< running it twice does no harm
  bool whole_transaction = false;  ///< all of it is run again from its start
};

/// Whether running the work again is safe and may help. Safe means: nothing of it was sent, or it
/// may run twice, or the server has said that it rolled all of it back.
Chance chance_after(const FailureFacts& failure, const Work& work);

/// Counts the attempts of one call and says how long to wait before the next.
class Backoff {
 public:
  /// `random` gives numbers of [0, 1).
  Backoff(const RetryPolicy& policy, std::function<double()> random);

  /// The wait before the next attempt; nullopt when the policy allows none, or it would begin after
  /// the deadline.
  std::optional<std::chrono::nanoseconds> next_wait(Chance chance,
                                                    std::chrono::nanoseconds remaining);
  /// The attempt that is under way: 1 at first.
  int attempt() const noexcept { return attempt_; }

 private:
  std::chrono::nanoseconds connection_wait() const;
  std::chrono::nanoseconds conflict_wait() const;

  const RetryPolicy& policy_;
  std::function<double()> random_;
  int attempt_ = 1;
  int connection_failures_ = 0;
  int conflicts_ = 0;
};

/// \throws InvalidArgument for a policy whose numbers make no sense.
void check_policy(const RetryPolicy& policy);

double random_part();

}  // namespace flowdb::retry
