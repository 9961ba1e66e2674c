#include "migration/lock.hpp"

#include <algorithm>
#include <utility>

#include "core/deadline.hpp"
#include "logging/log.hpp"
#include "migration/non_transactional.hpp"

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
           std::string history_table, Clock& clock, std::function<void()> on_waiting)
    : connection_(connection),
      dialect_(dialect),
      database_name_(std::move(database_name)),
      history_table_(std::move(history_table)),
      clock_(clock),
      on_waiting_(std::move(on_waiting)),
      random_(std::random_device{}()) {}

template <class Try>
void Lock::wait_for(const Try& try_once) {
  for (int attempt = 0; !try_once(); ++attempt) {
    if (attempt == 0) {
      logging::write(logging::Level::info, "migrations database=" + database_name_ +
                                               " waiting: another process is applying them");
      if (on_waiting_) on_waiting_();
    }
    clock_.sleep_for(next_wait(attempt));
  }
}

void Lock::acquire() {
  wait_for([this] { return try_acquire(); });
}

void Lock::acquire_session() {
  wait_for([this] { return dialect_.non_transactional()->try_lock(connection_, history_table_); });
}

void Lock::release_session() noexcept {
  if (connection_.state() != backend::ConnectionState::idle) return;
  try {
    dialect_.non_transactional()->unlock(connection_, history_table_);
  } catch (...) {
    // The connection is broken then; its session ends, and the lock with it.
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
