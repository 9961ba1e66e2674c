#pragma once

#include <cstdint>
#include <optional>

namespace flowdb::metrics {

/// What the system says of this process; what it does not say is left out.
struct ProcessFigures {
  std::optional<double> cpu_seconds;  ///< in user and system mode
  std::optional<std::uint64_t> resident_bytes;
  std::optional<std::uint64_t> virtual_bytes;
  std::optional<std::uint64_t> open_files;
  std::optional<std::uint64_t> max_files;
  std::optional<double> start_time;  ///< seconds since 1970
};

/// Reads /proc/self (proc(5)) and getrusage(2).
ProcessFigures process_figures();

}  // namespace flowdb::metrics
