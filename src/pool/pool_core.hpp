#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <flowdb/reports.hpp>

#include "backend/backend.hpp"
#include "metrics/database_metrics.hpp"
#include "pool/connect_failure.hpp"
#include "pool/histogram.hpp"
#include "pool/lease_book.hpp"
#include "pool/pool.hpp"
#include "pool/pool_state.hpp"

namespace flowdb::pool {

/// A caller in the queue, on its own stack.
struct Waiter {
  std::condition_variable changed;
  bool is_done = false;
  bool is_turned_away = false;
  PoolState::Grant grant;
  std::exception_ptr error;
};

/// The threads, the clock and the connections around PoolState. Owned by the Pool and by the
/// threads that are still opening or closing a connection, so that none of them is waited for.
class PoolCore final : public std::enable_shared_from_this<PoolCore>, public metrics::PoolSource {
 public:
  PoolCore(std::string database_name, const config::PoolSettings& settings,
           std::shared_ptr<backend::Backend> backend);

  Lease acquire(const AcquireOptions& options);
  void release(std::size_t slot, const Deadline& deadline,
               std::chrono::steady_clock::time_point since) noexcept;
  /// See LeaseBook.
  void note_run(std::size_t slot, const std::string& fingerprint) noexcept;
  void note_rest(std::size_t slot) noexcept { book_.rest(slot); }
  void note_run_again(std::size_t slot) noexcept { book_.run_again(slot); }
  PoolStatus status(PoolDetail detail) const;
  metrics::PoolReading reading() const override;
  metrics::DatabaseMetrics& metrics() const noexcept { return metrics_; }
  bool turns_away();
  void dispose();
  std::size_t dispose(const Deadline& deadline);
  /// No new connections; idle ones close, the maintenance thread ends.
  void shut_down();
  const backend::Backend& backend() const noexcept { return *backend_; }
  /// False in a child process: its threads and connections are still the parent's.
  bool is_in_own_process() const noexcept;
  /// \throws InvalidArgument in a child process.
  void refuse_inherited() const;

 private:
  using TimePoint = PoolState::TimePoint;
  using ConnectionHandle = std::unique_ptr<backend::Connection>;

  PoolState::Grant prove_or_wait(std::optional<PoolState::Grant> grant,
                                 const AcquireOptions& options);
  PoolState::Grant wait_for_grant(const AcquireOptions& options, bool first);
  PoolState::Grant wait_in_queue(std::unique_lock<std::mutex>& lock, Waiter& waiter,
                                 const AcquireOptions& options);
  bool passes(const PoolState::Grant& grant, const Deadline& deadline);
  /// Carries out decisions made under `lock`, which it releases; may make more of them.
  void carry_out(PoolState::Decisions decisions, std::unique_lock<std::mutex> lock);
  void wake(const PoolState::Decisions& decisions, std::exception_ptr error);
  void start_maintenance();
  void start_opening(std::size_t slot);
  void open_slot(std::size_t slot);
  void fail_opening(std::size_t slot, std::exception_ptr failure);
  /// What the log is to say when the breaker has opened or closed since it was as in `was_open`;
  /// empty when it has not.
  std::string circuit_notice(bool was_open) const;
  void close_slot(std::size_t slot, ConnectionHandle connection);
  /// The connection must not be used again: it is proven gone by a thread of its own.
  void discard(std::size_t slot, Suspicion suspicion);
  void abandon_slot(std::size_t slot, ConnectionHandle connection);
  void maintain_until_shut_down();
  void wait_for_maintenance(std::unique_lock<std::mutex>& lock, TimePoint now);
  /// Under the mutex: what the pool looks like to one who gives up. Clock: now.
  std::shared_ptr<const PoolExhaustion> exhaustion(std::chrono::milliseconds waited) const;
  [[noreturn]] void throw_exhausted(std::shared_ptr<const PoolExhaustion> report) const;
  [[noreturn]] void throw_turned_away() const;
  void refuse_waiting_for_oneself() const;

  const std::uint64_t process_;
  const std::string database_name_;
  const config::PoolSettings settings_;
  const std::shared_ptr<backend::Backend> backend_;
  metrics::DatabaseMetrics& metrics_;

  mutable std::mutex mutex_;
  PoolState state_;
  std::vector<ConnectionHandle> connections_;  // one a slot; touched by the slot's holder alone
  LeaseBook book_;
  std::optional<ConnectFailure> last_failure_;  // until one has succeeded
  Histogram acquire_times_;
  Histogram held_times_;
  bool is_shut_down_ = false;
  std::condition_variable maintenance_due_;
  std::condition_variable disposed_of_;
  std::thread maintenance_;
};

}  // namespace flowdb::pool
