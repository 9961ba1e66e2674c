#pragma once

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
      : settings_(settings),
        record_{.database_name = settings.database_name,
                .name = operation,
                .fingerprint = fingerprint,
                .attempt = attempt} {}

  void succeeded(std::uint64_t rows) noexcept;
  /// To be called in a catch clause. A failure behind which another attempt follows is a warning.
  void failed(bool is_retried = false) noexcept;

 private:
  const config::Settings& settings_;
  logging::Operation record_;
  Deadline::Clock::time_point start_ = Deadline::Clock::now();
};

}  // namespace flowdb
