#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::logging {

enum class Level { trace, debug, info, warning, error };

/// Whether a record of that level would be written; cheap enough for every call.
bool is_enabled(Level level) noexcept;

/// Writes one record, with the thread's RunContext behind it. `message` holds no values and no
/// secrets: who calls this has seen to that. Never throws.
void write(Level level, std::string_view message) noexcept;

/// What kind of failure an operation ended with, where that matters to who watches.
enum class Failure { none, authentication, of_the_caller, other };

/// One operation on a database, as its record tells it.
struct Operation {
  std::string_view database_name;
  std::string_view name;         ///< `execute_query`
  std::string_view fingerprint;  ///< of the statement; empty where there is none
  std::uint64_t rows = 0;
  std::chrono::nanoseconds duration{0};
  int attempt = 1;
  std::string_view outcome = "ok";    ///< or what failed: `timeout`, `error_23505`
  std::string_view error_class = {};  ///< `ConstraintError`; empty for what is not flowdb's
  std::string_view sqlstate = {};
  Failure failure = Failure::none;
  bool failed = false;
  bool retried = false;  ///< it failed, and another attempt follows
  bool slow = false;
};

/// error for a failed one, warning for a slow or a retried one, debug otherwise. Goes to the audit
/// log as well, and is looked at for what is unusual.
void record(const Operation& operation) noexcept;

}  // namespace flowdb::logging
