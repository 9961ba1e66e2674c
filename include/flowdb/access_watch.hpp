#pragma once

#include <chrono>
#include <cstddef>

namespace flowdb {
inline namespace v0_1 {

/// When flowdb warns, in its log, that a database is used in an unusual way. Each is counted for
/// each database of the process by itself, and told once: again only when it has ceased meanwhile,
/// which takes a whole window, or interval, without it. A count of 0 switches one off.
struct AccessWatchOptions {
  /// So many failed operations within the window; 0 … 10000. (Of one that is tried again only the
  /// last attempt counts; not what a flow's own code throws.)
  std::size_t error_burst = 20;
  std::chrono::milliseconds error_window{std::chrono::minutes{1}};

  /// So many operations that failed because the server refused the user or the password; 0 … 10000.
  std::size_t authentication_failures = 3;
  std::chrono::milliseconds authentication_window{std::chrono::minutes{5}};

  /// The number of operations in an interval is `rate_factor` times what is usual, or that part of
  /// it: 0 or more than 1. What is usual is known after five intervals with operations; the greater
  /// of the two numbers is `rate_minimum` at least.
  double rate_factor = 10;
  std::size_t rate_minimum = 1000;
  std::chrono::milliseconds rate_interval{std::chrono::minutes{1}};
};

/// For all managers of the process, from now on; what was counted so far is forgotten. The defaults
/// are in force from the start. Thread-safe. \throws InvalidArgument for a number out of its
/// bounds, or a window that is not positive.
void set_access_watch(const AccessWatchOptions& options);

/// What switches it all off: `set_access_watch(no_access_watch)`.
inline constexpr AccessWatchOptions no_access_watch{
    .error_burst = 0, .authentication_failures = 0, .rate_factor = 0};

}  // namespace v0_1
}  // namespace flowdb
