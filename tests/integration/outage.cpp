#include "integration/outage.hpp"

#include <algorithm>

#include <flowdb/error.hpp>

#include "integration/thrown_by.hpp"

namespace flowdb::test {

using Clock = std::chrono::steady_clock;

bool is_served(DatabaseManager& db, const std::string& sql) {
  try {
    return db.execute_query(sql).scalar<int>() == 1;
  } catch (const Error&) {
    return false;
  }
}

bool is_fully_served(DatabaseManager& db, const std::string& sql) {
  const auto count = db.get_pool_status().max_connections;
  std::atomic<std::size_t> answers{0};
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < count; ++caller) {
    callers.emplace_back([&] { answers += is_served(db, sql) ? 1 : 0; });
  }
  for (auto& caller : callers) caller.join();
  return answers == count;
}

Clock::duration time_of_a_refused_call(DatabaseManager& db) {
  std::vector<Clock::duration> times;
  for (int call = 0; call < 500; ++call) {
    const auto start = Clock::now();
    thrown_by<ConnectionError>([&] { db.execute_query("SELECT 1 AS one"); });
    times.push_back(Clock::now() - start);
  }
  std::nth_element(times.begin(), times.begin() + 450, times.end());
  return times[450];
}

Crowd::Crowd(DatabaseManager& db) {
  for (int caller = 0; caller < 16; ++caller) {
    callers_.emplace_back([this, &db] { call(db); });
  }
}

void Crowd::call(DatabaseManager& db) {
  using namespace std::chrono_literals;
  while (!is_done_) {
    if (!is_served(db)) std::this_thread::sleep_for(5ms);
    most_openings_ = std::max(most_openings_.load(), db.get_pool_status().opening);
  }
}

void Crowd::stop() {
  is_done_ = true;
  for (auto& caller : callers_) caller.join();
  callers_.clear();
}

}  // namespace flowdb::test
