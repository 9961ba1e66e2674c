#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string_view>

#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "logging/log.hpp"

namespace flowdb {

/// The log record of one attempt at one operation: measures from its construction, writes at
/// succeeded() or failed().
class OperationRecord {
 public:
  OperationRecord(const config::Settings& settings, std::string_view operation,
                  std::string_view fingerprint, int attempt)
      : OperationRecord(settings.database_name, settings.slow_statement, operation, fingerprint,
                        attempt) {}
  /// The texts must outlive the record. `slow_after`: zero for what is never slow.
  OperationRecord(std::string_view database_name, std::chrono::milliseconds slow_after,
                  std::string_view operation, std::string_view fingerprint, int attempt)
      : slow_after_(slow_after),
        record_{.database_name = database_name,
                .name = operation,
                .fingerprint = fingerprint,
                .attempt = attempt} {}

  void succeeded(std::uint64_t rows) noexcept;
  /// To be called in a catch clause. A failure behind which another attempt follows is a warning.
  void failed(bool is_retried = false) noexcept;
  /// The operation went its way and found something bad: `outcome`, a word of this library.
  /// Something very bad is an error, otherwise it is a warning.
  void found(std::string_view outcome, bool is_error) noexcept;

 private:
  std::chrono::milliseconds slow_after_;
  logging::Operation record_;
  Deadline::Clock::time_point start_ = Deadline::Clock::now();
};

/// Carries an operation out; its record says how it ended.
template <class Call>
auto recorded(const config::Settings& settings, std::string_view operation, const Call& call) {
  OperationRecord record{settings.database_name, {}, operation, {}, 1};
  try {
    auto result = call();
    record.succeeded(0);
    return result;
  } catch (...) {
    record.failed();
    throw;
  }
}

}  // namespace flowdb
