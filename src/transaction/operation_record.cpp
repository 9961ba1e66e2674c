#include "transaction/operation_record.hpp"

#include <chrono>
#include <exception>
#include <string>

#include <flowdb/error.hpp>

#include "metrics/registry.hpp"

namespace flowdb {
namespace {

using metrics::Outcome;

/// A failure, in a word or two that hold no data.
struct Failure {
  std::string word;
  Outcome outcome;
  const char* error_class = "";
  std::string sqlstate = {};
};

Outcome conflict_or(Outcome otherwise, const Error& error) {
  const bool is_conflict = error.sqlstate() == "40001" || error.sqlstate() == "40P01";
  return is_conflict ? Outcome::conflict : otherwise;
}

Outcome kind_of(const Error& error) {
  if (dynamic_cast<const ConstraintError*>(&error) != nullptr) {
    return Outcome::constraint_violation;
  }
  if (dynamic_cast<const QueryError*>(&error) != nullptr) {
    return conflict_or(Outcome::statement_failed, error);
  }
  if (dynamic_cast<const TransactionError*>(&error) != nullptr) {
    return conflict_or(Outcome::transaction_failed, error);
  }
  if (dynamic_cast<const MigrationError*>(&error) != nullptr) {
    return Outcome::migration_failed;
  }
  return dynamic_cast<const ConfigurationError*>(&error) != nullptr ? Outcome::configuration
                                                                    : Outcome::other_error;
}

const char* class_of(Outcome kind, const Error& error) noexcept {
  switch (kind) {
    case Outcome::constraint_violation:
      return "ConstraintError";
    case Outcome::migration_failed:
      return "MigrationError";
    case Outcome::configuration:
      return "ConfigurationError";
    default:
      break;
  }
  if (dynamic_cast<const QueryError*>(&error) != nullptr) {
    return "QueryError";
  }
  return dynamic_cast<const TransactionError*>(&error) != nullptr ? "TransactionError" : "Error";
}

logging::Failure watched_kind(Outcome outcome) noexcept {
  if (outcome == Outcome::authentication_failed) {
    return logging::Failure::authentication;
  }
  return outcome == Outcome::exception_of_the_caller ? logging::Failure::of_the_caller
                                                     : logging::Failure::other;
}

/// The failure under way.
Failure current_failure() {
  try {
    throw;
  } catch (const PoolTimeoutError& error) {
    return {"pool_timeout", Outcome::pool_timeout, "PoolTimeoutError", error.sqlstate()};
  } catch (const AuthenticationError& error) {
    return {"authentication_failed", Outcome::authentication_failed, "AuthenticationError",
            error.sqlstate()};
  } catch (const ConnectionError& error) {
    return {"connection_failed", Outcome::connection_failed, "ConnectionError", error.sqlstate()};
  } catch (const TimeoutError& error) {
    return {"timeout", Outcome::timeout, "TimeoutError", error.sqlstate()};
  } catch (const CommitUnknownError& error) {
    return {"outcome_unknown", Outcome::outcome_unknown, "CommitUnknownError", error.sqlstate()};
  } catch (const Error& error) {
    const auto kind = kind_of(error);
    return {error.sqlstate().empty() ? "error" : "error_" + error.sqlstate(), kind,
            class_of(kind, error), error.sqlstate()};
  } catch (const InvalidArgument& error) {
    return {"invalid_argument", Outcome::invalid_argument, "InvalidArgument", error.sqlstate()};
  } catch (...) {
    return {"exception_of_the_caller", Outcome::exception_of_the_caller};
  }
}

/// For those who look for what is slow; whether it failed or not.
void keep(const logging::Operation& operation) noexcept {
  try {
    metrics::Registry::of_this_process().slow_statements().add(
        {.database_name = std::string{operation.database_name},
         .operation = std::string{operation.name},
         .fingerprint = std::string{operation.fingerprint},
         .outcome = std::string{operation.outcome},
         .duration = operation.duration,
         .rows = operation.rows,
         .time = std::chrono::system_clock::now()});
  } catch (const std::exception&) {
    // It is in the log.
  }
}

}  // namespace

void OperationRecord::count(Outcome outcome) noexcept {
  metrics_.operations()
      .of(record_.name)
      .record({.outcome = outcome,
               .duration = record_.duration,
               .rows = record_.rows,
               .is_retry = record_.attempt > 1,
               .is_slow = took_long()});
  if (took_long() && !record_.fingerprint.empty()) {
    keep(record_);
  }
}

void OperationRecord::succeeded(std::uint64_t rows) noexcept {
  record_.rows = rows;
  record_.duration = Deadline::Clock::now() - start_;
  record_.slow = took_long();
  count(Outcome::ok);
  logging::record(record_);
}

void OperationRecord::failed(bool is_retried) noexcept {
  try {
    record_.duration = Deadline::Clock::now() - start_;
    record_.failed = true;
    record_.retried = is_retried;
    const auto failure = current_failure();
    record_.outcome = failure.word;
    record_.error_class = failure.error_class;
    record_.sqlstate = failure.sqlstate;
    record_.failure = watched_kind(failure.outcome);
    count(failure.outcome);
    logging::record(record_);
  } catch (...) {
    // Nothing is worth losing the failure itself for.
  }
}

void OperationRecord::found(std::string_view outcome, bool is_error) noexcept {
  record_.duration = Deadline::Clock::now() - start_;
  record_.failed = true;
  record_.retried = !is_error;
  record_.outcome = outcome;
  count(Outcome::finding);
  logging::record(record_);
}

}  // namespace flowdb
