#include "transaction/operation_record.hpp"

#include <string>

#include <flowdb/error.hpp>

namespace flowdb {
namespace {

/// The failure under way, in a word or two that hold no data.
std::string outcome_of_current_exception() {
  try {
    throw;
  } catch (const PoolTimeoutError&) {
    return "pool_timeout";
  } catch (const AuthenticationError&) {
    return "authentication_failed";
  } catch (const ConnectionError&) {
    return "connection_failed";
  } catch (const TimeoutError&) {
    return "timeout";
  } catch (const CommitUnknownError&) {
    return "outcome_unknown";
  } catch (const Error& error) {
    return error.sqlstate().empty() ? "error" : "error_" + error.sqlstate();
  } catch (const InvalidArgument&) {
    return "invalid_argument";
  } catch (...) {
    return "exception_of_the_caller";
  }
}

}  // namespace

void OperationRecord::succeeded(std::uint64_t rows) noexcept {
  record_.rows = rows;
  record_.duration = Deadline::Clock::now() - start_;
  record_.slow = slow_after_.count() > 0 && record_.duration >= slow_after_;
  logging::record(record_);
}

void OperationRecord::failed(bool is_retried) noexcept {
  try {
    record_.duration = Deadline::Clock::now() - start_;
    record_.failed = true;
    record_.retried = is_retried;
    const auto outcome = outcome_of_current_exception();
    record_.outcome = outcome;
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
  logging::record(record_);
}

}  // namespace flowdb
