#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <flowdb/flowdb.hpp>

#include "reliability/trial_run.hpp"

namespace flowdb::reliability {

/// Accounts between which tellers, a thread each, transfer money without a pause, each transfer one
/// transaction that writes its number into a ledger. They remember what became of each.
class Bank {
 public:
  /// Makes the tables. `url`: of one server or several.
  Bank(TrialRun& trial, const std::string& url);
  Bank(const Bank&) = delete;
  Bank& operator=(const Bank&) = delete;
  ~Bank() { close(); }

  void open(int tellers);
  /// The tellers finish what they are at.
  void close();

  /// Transfers acknowledged so far.
  std::int64_t acknowledged() const noexcept { return acknowledged_count_; }
  /// False when they are not so many within half a minute.
  bool wait_until_acknowledged(std::int64_t count) const;
  /// While it is open: no money has come or gone. Reports what does not hold.
  void check_total();
  /// When it is closed: what was acknowledged is in the ledger, what was refused is not, nothing is
  /// there twice, and every balance is what the ledger says.
  void audit();

 private:
  struct Books {
    std::vector<std::int64_t> acknowledged;
    std::vector<std::int64_t> in_doubt;
    std::vector<std::int64_t> refused;
  };

  void work(std::uint64_t teller);
  void transfer(std::int64_t number, int source, int target, int amount);
  void merge(Books books);

  TrialRun& trial_;
  DatabaseManager db_;
  std::atomic<bool> is_open_{false};
  std::atomic<std::int64_t> last_number_{0};
  std::atomic<std::int64_t> acknowledged_count_{0};
  std::vector<std::thread> tellers_;
  std::mutex mutex_;
  Books books_;
};

}  // namespace flowdb::reliability
