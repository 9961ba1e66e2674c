#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <flowdb/reports.hpp>

#include "core/clock.hpp"
#include "pool/borrower.hpp"

namespace flowdb::pool {

/// Who holds which connection, since when and what for. To be used under the pool's mutex, but for
/// what says otherwise.
class LeaseBook {
 public:
  using TimePoint = Clock::TimePoint;

  /// `leak_after`: how long a lease may last before overdue() names it; 0: for ever.
  LeaseBook(std::size_t slots, std::chrono::milliseconds leak_after)
      : leak_after_(leak_after), entries_(slots) {}

  /// The calling thread borrows the connection of a slot.
  void lend(std::size_t slot, const Borrower& borrower, TimePoint now) noexcept;
  /// Its holder runs another statement; `fingerprint` as in Borrower.
  void run(std::size_t slot, const std::string& fingerprint) noexcept;
  /// Its holder runs nothing for now: it thinks, or has forgotten it. By the holder, without the
  /// mutex.
  void rest(std::size_t slot) noexcept;
  void run_again(std::size_t slot) noexcept;
  void take_back(std::size_t slot) noexcept { entries_[slot].is_lent = false; }

  /// The one who holds for longest comes first.
  std::vector<ConnectionHolder> holders(TimePoint now) const;
  /// Those who have held a connection for longer than they may, each once.
  std::vector<ConnectionHolder> overdue(TimePoint now);
  /// When somebody may be overdue next; nullopt: nobody will.
  std::optional<TimePoint> next_overdue(TimePoint now) const;

 private:
  struct Entry {
    bool is_lent = false;
    bool is_reported = false;
    std::atomic<bool> is_running{false};
    pid_t thread = 0;
    Borrower borrower;
    TimePoint since{};
    std::array<char, 64> context{};  // of the RunContext; ends with a NUL
  };

  static ConnectionHolder holder_of(const Entry& entry, TimePoint now);

  std::chrono::milliseconds leak_after_;
  std::vector<Entry> entries_;
};

}  // namespace flowdb::pool
