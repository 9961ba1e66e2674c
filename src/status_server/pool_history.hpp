#pragma once

#include <cstddef>
#include <deque>

#include <flowdb/reports.hpp>

namespace flowdb::status_server {

/// A pool's gauges over the last minutes. Not thread-safe.
class PoolHistory {
 public:
  struct Sample {
    std::size_t used = 0;
    std::size_t idle = 0;
    std::size_t waiting = 0;
  };

  explicit PoolHistory(std::size_t capacity) : capacity_(capacity) {}

  void add(const PoolStatus& pool) {
    if (samples_.size() == capacity_) {
      samples_.pop_front();
    }
    samples_.push_back({pool.checked_out, pool.checked_in, pool.waiting});
  }
  /// The oldest comes first.
  const std::deque<Sample>& samples() const noexcept { return samples_; }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  std::size_t capacity_;
  std::deque<Sample> samples_;
};

}  // namespace flowdb::status_server
