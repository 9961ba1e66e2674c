#include "logging/access_watch.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <flowdb/access_watch.hpp>
#include <flowdb/error.hpp>

#include "core/process_identity.hpp"
#include "logging/access_patterns.hpp"

namespace flowdb {
namespace logging {
namespace {

/// Beyond so many databases the others of a process are not watched.
constexpr std::size_t kMostDatabases = 64;

/// What one process counts by one choice of options. All of them are kept until the process has
/// ended, as threads may work with them until the very end.
class Watch {
 public:
  /// A child process begins anew with its parent's options: no mutex is touched that another thread
  /// of the parent may have held at the fork().
  static Watch& of_this_process() {
    auto* latest = slot().load(std::memory_order_acquire);
    if (latest->process_ != process_identity()) {
      begin_anew(latest->options_);
      latest = slot().load(std::memory_order_acquire);
    }
    return *latest;
  }

  static void begin_anew(const AccessWatchOptions& options) {
    auto& latest = slot();
    auto* const fresh = new Watch{options, latest.load(std::memory_order_acquire)};
    while (!latest.compare_exchange_weak(fresh->former_, fresh, std::memory_order_acq_rel)) {
    }
  }

  bool is_on() const noexcept {
    return options_.error_burst > 0 || options_.authentication_failures > 0 ||
           options_.rate_factor > 0;
  }

  std::vector<std::string> note(std::string_view database_name,
                                const AccessPatterns::Access& access) {
    const std::lock_guard lock{mutex_};
    auto found = std::find_if(databases_.begin(), databases_.end(),
                              [&](const auto& known) { return known.first == database_name; });
    if (found == databases_.end()) {
      if (databases_.size() == kMostDatabases) {
        return {};
      }
      databases_.emplace_back(database_name, AccessPatterns{options_});
      found = databases_.end() - 1;
    }
    return found->second.note(access, TimePoint::clock::now());
  }

 private:
  Watch(const AccessWatchOptions& options, Watch* former) : options_(options), former_(former) {}

  static std::atomic<Watch*>& slot() {
    static std::atomic<Watch*> latest{new Watch{{}, nullptr}};
    return latest;
  }

  const std::uint64_t process_ = process_identity();
  const AccessWatchOptions options_;
  Watch* former_;
  std::mutex mutex_;
  std::vector<std::pair<std::string, AccessPatterns>> databases_;
};

void check(bool condition, const char* what) {
  if (!condition) {
    throw InvalidArgument(std::string{"AccessWatchOptions: "} + what);
  }
}

}  // namespace

void watch_access(const Operation& operation) noexcept {
  try {
    auto& watch = Watch::of_this_process();
    if (!watch.is_on()) {
      return;
    }
    const bool has_failed =
        operation.failed && !operation.retried && operation.failure != Failure::of_the_caller;
    const auto told =
        watch.note(operation.database_name,
                   {has_failed, has_failed && operation.failure == Failure::authentication});
    for (const auto& text : told) {
      write(Level::warning, "database=" + std::string{operation.database_name} + " " + text);
    }
  } catch (...) {
    // As in write().
  }
}

}  // namespace logging
}  // namespace flowdb

void flowdb::set_access_watch(const AccessWatchOptions& options) {
  using logging::check;
  constexpr std::size_t kMostRemembered = 10'000;
  check(options.error_burst <= kMostRemembered, "error_burst must be at most 10000");
  check(options.authentication_failures <= kMostRemembered,
        "authentication_failures must be at most 10000");
  check(options.rate_factor == 0 || (options.rate_factor > 1 && std::isfinite(options.rate_factor)),
        "rate_factor must be 0 or more than 1");
  check(options.error_window.count() > 0 && options.authentication_window.count() > 0 &&
            options.rate_interval.count() > 0,
        "a window must be positive");
  logging::Watch::begin_anew(options);
}
