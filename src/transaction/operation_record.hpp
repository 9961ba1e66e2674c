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

 private:
  std::chrono::milliseconds slow_after_;
  logging::Operation record_;
  Deadline::Clock::time_point start_ = Deadline::Clock::now();
};

}  // namespace flowdb
