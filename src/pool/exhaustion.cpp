#include "pool/exhaustion.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace flowdb::pool {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHoldersNamed = 5;
/// Who waited for less has not seen enough to call a holder slow.
constexpr milliseconds kShortestEvidence{1000};

const char* remedy(ExhaustionCause cause) {
  switch (cause) {
    case ExhaustionCause::leak:
      return "most connections are held without running a statement (a leak: a stream that is not "
             "read to its end, a session that is not given back, a transaction that waits for "
             "something else). Give connections back sooner.";
    case ExhaustionCause::slow_statements:
      return "most connections have been running statements all the while (slow statements). Make "
             "them quicker, or raise POOL_SIZE or MAX_OVERFLOW.";
    case ExhaustionCause::server_down:
      return "connections are missing that could not be opened, or whose end the server has not "
             "confirmed (the server is down or silent). Check that it is up and reachable.";
    case ExhaustionCause::pool_too_small:
      break;
  }
  return "connections come and go, but more callers want one at a time than there are (the pool is "
         "too small). Give connections back sooner, or raise POOL_SIZE or MAX_OVERFLOW.";
}

std::string counts_of(const PoolExhaustion& report) {
  const auto count = [](const char* name, std::size_t number) {
    return std::string{name} + "=" + std::to_string(number);
  };
  return std::to_string(report.waited.count()) + " ms (" + count("active", report.checked_out) +
         ", " + count("idle", report.checked_in) + ", " + count("opening", report.opening) + ", " +
         count("invalid", report.invalid) + ", " + count("waiting", report.waiting) + ", " +
         count("maximum", report.max_connections) + ").";
}

std::string last_failure(const PoolExhaustion& report) {
  return report.last_connect_error ? " The last failure to connect: " + *report.last_connect_error
                                   : std::string{};
}

}  // namespace

ExhaustionCause likely_cause(const PoolExhaustion& report) {
  const bool has_failed = report.invalid > 0 || report.opening > 0 || report.last_connect_error;
  if (has_failed && report.checked_out * 2 <= report.max_connections) {
    return ExhaustionCause::server_down;
  }
  // Who has held for all but a tenth of the wait may have begun a moment after it.
  const auto evidence = std::max(report.waited * 9 / 10, kShortestEvidence);
  std::size_t idle = 0;
  std::size_t running = 0;
  for (const auto& holder : report.holders) {
    if (holder.held >= evidence) {
      ++(holder.is_running ? running : idle);
    }
  }
  if (report.holders.empty() || (idle + running) * 2 < report.holders.size()) {
    return ExhaustionCause::pool_too_small;
  }
  return idle >= running ? ExhaustionCause::leak : ExhaustionCause::slow_statements;
}

std::string describe(const ConnectionHolder& holder) {
  std::string text = holder.operation.empty() ? "a connection" : holder.operation;
  if (!holder.call_site.empty()) {
    text += " at " + holder.call_site;
  }
  if (!holder.context.empty()) {
    text += " in " + holder.context;
  }
  text += " (thread " + std::to_string(holder.thread) + ", for " +
          std::to_string(holder.held.count()) + " ms, ";
  if (holder.statement.empty()) {
    return text + (holder.is_running ? "at work)" : "running nothing)");
  }
  return text + (holder.is_running ? "running " : "running nothing since ") + holder.statement +
         ")";
}

std::string describe_unopened(const PoolExhaustion& report) {
  return report.database_name + ": the server did not accept a connection within " +
         counts_of(report) + " Check that the server is up and reachable." + last_failure(report);
}

std::string describe(const PoolExhaustion& report) {
  auto text = report.database_name + ": no connection became free within " + counts_of(report) +
              " Likely cause: " + remedy(report.cause);
  if (!report.holders.empty()) {
    text += " Held by: ";
    const auto named = std::min(report.holders.size(), kHoldersNamed);
    for (std::size_t i = 0; i < named; ++i) {
      text += (i > 0 ? "; " : "") + describe(report.holders[i]);
    }
    if (report.holders.size() > named) {
      text += "; and " + std::to_string(report.holders.size() - named) + " more";
    }
    text += ".";
  }
  return text + last_failure(report);
}

}  // namespace flowdb::pool
