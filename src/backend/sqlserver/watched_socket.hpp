#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "backend/sqlserver/odbc.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::sqlserver {

/// The socket below a driver's connection and the call that is under way on it. A driver's calls
/// block, and ODBC counts time in whole seconds; so at the deadline the process's Watchdog asks the
/// server to cancel (SQLCancel), and when that does not end the call within a short grace it shuts
/// the socket down, upon which the driver gives up at once.
///
/// arm() and disarm() are for the thread that calls the driver; the rest is thread-safe.
class WatchedSocket : public std::enable_shared_from_this<WatchedSocket> {
 public:
  using Clock = Deadline::Clock;

  /// Has the system find out when the server is gone: TCP keepalive and user timeout, as on
  /// PostgreSQL. Keeps a duplicate of `descriptor`, so that a number which the driver has closed
  /// and the system given to somebody else is never touched. -1: unknown; then nothing can be shut.
  static std::shared_ptr<WatchedSocket> watch(int descriptor);
  explicit WatchedSocket(int duplicate) noexcept : descriptor_(duplicate) {}
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;
  ~WatchedSocket();

  /// From now on the call is cut short at the deadline: `statement` is cancelled first, unless it
  /// is null.
  void arm(SQLHSTMT statement, const Deadline& deadline);
  /// The call has returned. True when it was cut short; a cancellation is then no longer under way.
  bool disarm() noexcept;
  bool was_cut_short() const noexcept { return fired_.load(std::memory_order_relaxed); }

  void shut() noexcept;
  bool is_shut() const noexcept { return shut_.load(); }
  /// Nothing has arrived, and the server has not closed.
  bool looks_alive() const noexcept;
  /// Shuts the socket and waits until the server has closed its side, too: its session is gone.
  bool wait_for_end(const Deadline& deadline) noexcept;

  /// For the Watchdog: does what is due, and says when to look again.
  Clock::time_point expire(Clock::time_point now) noexcept;

 private:
  void start_cancelling() noexcept;

  int descriptor_;
  std::mutex mutex_;
  std::condition_variable cancelled_;
  std::atomic<Clock::time_point> due_{Clock::time_point::max()};
  SQLHSTMT statement_ = SQL_NULL_HSTMT;
  bool is_cancelling_ = false;  // SQLCancel is under way on a thread of its own
  std::atomic<bool> fired_{false};
  std::atomic<bool> shut_{false};
};

}  // namespace flowdb::backend::sqlserver
