#pragma once

#include <cstddef>

namespace flowdb::metrics {

/// How an operation ended, in as few kinds as a dashboard can show.
enum class Outcome {
  ok,
  pool_timeout,
  authentication_failed,
  connection_failed,
  timeout,
  outcome_unknown,
  constraint_violation,
  conflict,  ///< a serialization failure or a deadlock
  statement_failed,
  transaction_failed,
  migration_failed,
  configuration,
  invalid_argument,
  other_error,
  exception_of_the_caller,
  finding,  ///< it went its way and found something bad, as a health check may
};
constexpr std::size_t kOutcomeCount = static_cast<std::size_t>(Outcome::finding) + 1;

/// The value of the label error_type; empty for ok.
constexpr const char* error_type(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::ok:
      return "";
    case Outcome::pool_timeout:
      return "pool_timeout";
    case Outcome::authentication_failed:
      return "authentication_failed";
    case Outcome::connection_failed:
      return "connection_failed";
    case Outcome::timeout:
      return "timeout";
    case Outcome::outcome_unknown:
      return "outcome_unknown";
    case Outcome::constraint_violation:
      return "constraint_violation";
    case Outcome::conflict:
      return "conflict";
    case Outcome::statement_failed:
      return "statement_failed";
    case Outcome::transaction_failed:
      return "transaction_failed";
    case Outcome::migration_failed:
      return "migration_failed";
    case Outcome::configuration:
      return "configuration";
    case Outcome::invalid_argument:
      return "invalid_argument";
    case Outcome::exception_of_the_caller:
      return "exception_of_the_caller";
    case Outcome::finding:
      return "finding";
    case Outcome::other_error:
      break;
  }
  return "other_error";
}

}  // namespace flowdb::metrics
