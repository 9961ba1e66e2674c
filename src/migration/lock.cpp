#include "migration/lock.hpp"

#include <algorithm>
#include <utility>

#include "core/deadline.hpp"
#include "logging/log.hpp"

namespace flowdb::migration {

namespace {

constexpr std::chrono::milliseconds kShortestWait{10};
constexpr std::chrono::milliseconds kLongestWait{500};
constexpr int kDoublings = 6;

}  // namespace

std::int64_t lock_key(std::string_view history_table) noexcept {
  constexpr std::uint64_t kOffsetBasis = 0xCBF29CE484222325U;
  constexpr std::uint64_t kPrime = 0x100000001B3U;
  auto hash = kOffsetBasis;
  for (const char c : history_table) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  }
  return static_cast<std::int64_t>(hash);
}

Lock::Lock(backend::Connection& connection, const SqlDialect& dialect, std::string database_name,
           std::string history_table, Clock& clock)
    : connection_(connection),
      dialect_(dialect),
      database_name_(std::move(database_name)),
      history_table_(std::move(history_table)),
      clock_(clock),
      random_(std::random_device{}()) {}

void Lock::acquire() {
  for (int attempt = 0; !try_acquire(); ++attempt) {
    if (attempt == 0) {
      logging::write(logging::Level::info, "migrations database=" + database_name_ +
                                               " waiting: another process is applying them");
    }
    clock_.sleep_for(next_wait(attempt));
  }
}

bool Lock::try_acquire() {
  // Read committed: each statement sees what was committed before it, the history as the runner
  // before has left it; a snapshot of the whole transaction could be older than the lock.
  TransactionOptions options;
  options.isolation = IsolationLevel::read_committed;
  connection_.begin(options, std::chrono::milliseconds::zero(), Deadline::never());
  const bool locked = dialect_.try_lock(connection_, history_table_);
  if (!locked) connection_.rollback(Deadline::never());
  return locked;
}

/// Doubling, and half of it by chance, so that waiting runners do not ask in step.
std::chrono::milliseconds Lock::next_wait(int attempt) {
  const auto bound = std::min(kShortestWait * (1 << std::min(attempt, kDoublings)), kLongestWait);
  std::uniform_int_distribution<std::int64_t> between{bound.count() / 2, bound.count()};
  return std::chrono::milliseconds{between(random_)};
}

}  // namespace flowdb::migration
