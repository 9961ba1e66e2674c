#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "backend/connection.hpp"
#include "core/clock.hpp"
#include "migration/sql_dialect.hpp"

namespace flowdb::migration {

/// The key of the lock under which runners change the history table of that name (as SQL
/// writes it, with its schema): FNV-1a of 64 bits
/// (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv-21). Must never change: old and new
/// programs run side by side.
std::int64_t lock_key(std::string_view history_table) noexcept;

/// Takes its turn among the runners of all processes. The lock belongs to the transaction that it
/// begins, or to the session: the server frees it at its end, whatever becomes of the process.
///
/// It asks again and again rather than wait in one statement for ever. PostgreSQL is not even asked
/// to wait: a waiting statement holds a snapshot, for which CREATE INDEX CONCURRENTLY of the one
/// who holds the lock would wait in turn.
class Lock {
 public:
  /// \param on_waiting called once in an acquire() that has to wait, if there is one.
  Lock(backend::Connection& connection, const SqlDialect& dialect, std::string database_name,
       std::string history_table, Clock& clock, std::function<void()> on_waiting = {});

  /// Begins a transaction and returns when it has the lock, however long that takes. Each question
  /// is a transaction of its own, so that waiting counts against no limit of the server's.
  /// \throws what a Connection throws when it is lost.
  void acquire();
  /// The same for the lock of the session, in no transaction.
  void acquire_session();
  /// Gives the session's lock back. Does not throw: it ends with the session at the latest.
  void release_session() noexcept;

 private:
  template <class Try>
  void wait_for(const Try& try_once);
  bool try_acquire();
  std::chrono::milliseconds next_wait(int attempt);

  backend::Connection& connection_;
  const SqlDialect& dialect_;
  std::string database_name_;
  std::string history_table_;
  Clock& clock_;
  std::function<void()> on_waiting_;
  std::minstd_rand random_;
};

}  // namespace flowdb::migration
