#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include <flowdb/database_manager.hpp>

namespace flowdb::test {

/// `sql` gives the number 1.
bool is_served(DatabaseManager& db, const std::string& sql = "SELECT 1 AS one");
/// As many queries at once as the pool has connections; whether all are answered.
bool is_fully_served(DatabaseManager& db, const std::string& sql = "SELECT 1 AS one");

/// What nine of ten calls take no longer than while the circuit breaker is open.
std::chrono::steady_clock::duration time_of_a_refused_call(DatabaseManager& db);

/// Sixteen threads that call again and again from the beginning of its life until stop().
class Crowd {
 public:
  explicit Crowd(DatabaseManager& db);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd() { stop(); }

  void stop();
  /// How many connections were being opened at the same time.
  std::size_t most_openings() const { return most_openings_; }

 private:
  void call(DatabaseManager& db);

  std::atomic<bool> is_done_{false};
  std::atomic<std::size_t> most_openings_{0};
  std::vector<std::thread> callers_;
};

}  // namespace flowdb::test
