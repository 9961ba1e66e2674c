#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <flowdb/reports.hpp>

#include "backend/backend.hpp"
#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "metrics/database_metrics.hpp"
#include "pool/borrower.hpp"

namespace flowdb::pool {

class PoolCore;

/// A connection on loan. Gives it back when destroyed: reset and proven idle, or closed. Movable,
/// not thread-safe, and must not outlive its Pool.
class Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept { *this = std::move(other); }
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { give_back(); }

  /// \throws InvalidArgument in a child process of the one that borrowed it.
  backend::Connection& operator*() const;
  backend::Connection* operator->() const { return &**this; }
  explicit operator bool() const noexcept { return connection_ != nullptr; }
  /// Nothing happens in a child process: what was done to the connection would be done to the
  /// parent's session.
  void give_back() noexcept;
  bool is_in_own_process() const noexcept;
  /// For the reports on the pool: what the holder does with it. It is taken to be at work until it
  /// rests. `fingerprint` as in Borrower.
  void run(const std::string& fingerprint) noexcept;
  void rest() noexcept;
  void run_again() noexcept;
  /// The call that borrowed it goes on beyond its deadline: a stream, a migration.
  void set_deadline(Deadline deadline) noexcept { deadline_ = deadline; }

 private:
  friend class PoolCore;
  Lease(PoolCore& core, std::size_t slot, backend::Connection& connection, Deadline deadline,
        std::chrono::steady_clock::time_point since) noexcept
      : core_(&core), slot_(slot), connection_(&connection), deadline_(deadline), since_(since) {}

  PoolCore* core_ = nullptr;
  std::size_t slot_ = 0;
  backend::Connection* connection_ = nullptr;
  Deadline deadline_ = Deadline::never();  // the call's; resetting draws on it, too
  std::chrono::steady_clock::time_point since_{};
};

/// What a caller accepts while waiting for a connection.
struct AcquireOptions {
  Deadline deadline;
  /// How long to wait for a slot; what is left of the deadline when longer.
  std::chrono::milliseconds timeout{std::chrono::milliseconds::max()};
  /// Do not queue when every connection is in use.
  bool fail_when_exhausted = false;
  Borrower borrower = {};
};

/// At most pool_size + max_overflow connections to one database, handed out first in, first out.
/// Connections are opened by threads of their own, because a driver's connect cannot be
/// interrupted: the caller waits no longer than its deadline, and a connection that comes late
/// joins the pool. Thread-safe.
class Pool {
 public:
  Pool(std::string database_name, const config::PoolSettings& settings,
       std::shared_ptr<backend::Backend> backend);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  /// Closes idle connections; does not wait for one that is being opened. In a child process it
  /// closes none: they are the parent's.
  ~Pool();

  /// \throws PoolTimeoutError when no slot became free in time, ConnectionError or
  /// AuthenticationError when a connection could not be opened, or none can be had for now,
  /// InvalidArgument when this thread itself holds all connections in transactions, and in a child
  /// process of the one that made the pool.
  Lease acquire(const AcquireOptions& options);
  /// \throws InvalidArgument in a child process.
  PoolStatus status(PoolDetail detail = PoolDetail::counts) const;
  /// No connection can be had for now, so that acquire() would fail at once. To ask counts as
  /// wanting one: the attempts to find the server back go on. \throws InvalidArgument in a child
  /// process.
  bool turns_away();
  /// Closes idle connections now, the others when they come back.
  void dispose();
  /// The same, and waits until they have come back and are closed. Returns how many of them are
  /// still lent when the deadline passes.
  std::size_t dispose(const Deadline& deadline);
  const backend::Backend& backend() const noexcept;
  /// What this process counts of the database.
  metrics::DatabaseMetrics& metrics() const noexcept;

 private:
  friend class TransactionMark;
  const void* mark_key() const noexcept { return core_.get(); }

  std::shared_ptr<PoolCore> core_;
  metrics::PoolRegistration registration_;
};

/// Marks, while it lives, that this thread holds a connection of `pool` in a transaction: a call
/// that would wait for that very connection is then told so instead of waiting in vain.
class TransactionMark {
 public:
  explicit TransactionMark(const Pool& pool);
  TransactionMark(const TransactionMark&) = delete;
  TransactionMark& operator=(const TransactionMark&) = delete;
  ~TransactionMark();

 private:
  const void* pool_;
};

}  // namespace flowdb::pool
