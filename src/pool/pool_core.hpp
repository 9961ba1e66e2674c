#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include <flowdb/reports.hpp>

#include "backend/backend.hpp"
#include "pool/histogram.hpp"
#include "pool/pool.hpp"
#include "pool/pool_state.hpp"

namespace flowdb::pool {

/// A caller in the queue, on its own stack.
struct Waiter {
  std::condition_variable changed;
  bool is_done = false;
  PoolState::Grant grant;
  std::exception_ptr error;
};

/// The threads, the clock and the connections around PoolState. Owned by the Pool and by the
/// threads that are still opening or closing a connection, so that none of them is waited for.
class PoolCore : public std::enable_shared_from_this<PoolCore> {
 public:
  PoolCore(std::string database_name, const config::PoolSettings& settings,
           std::unique_ptr<backend::Backend> backend);

  Lease acquire(const AcquireOptions& options);
  void release(std::size_t slot, const Deadline& deadline,
               std::chrono::steady_clock::time_point since) noexcept;
  PoolStatus status() const;
  void dispose();
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
  void close_slot(std::size_t slot, ConnectionHandle connection);
  /// The connection must not be used again: it is proven gone by a thread of its own.
  /// `lost`: the server ended it, so that others may be dead, too.
  void discard(std::size_t slot, bool lost);
  void abandon_slot(std::size_t slot, ConnectionHandle connection);
  void maintain_until_shut_down();
  [[noreturn]] void throw_no_connection(const PoolState::Counts& counts, bool gave_up_at_once,
                                        std::chrono::milliseconds waited) const;
  void refuse_waiting_for_oneself() const;

  const pid_t process_;
  const std::string database_name_;
  const config::PoolSettings settings_;
  const std::unique_ptr<backend::Backend> backend_;

  mutable std::mutex mutex_;
  PoolState state_;
  std::vector<ConnectionHandle> connections_;  // one a slot; touched by the slot's holder alone
  Histogram acquire_times_;
  Histogram held_times_;
  bool is_shut_down_ = false;
  std::condition_variable maintenance_due_;
  std::thread maintenance_;
};

}  // namespace flowdb::pool
