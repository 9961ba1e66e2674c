#pragma once

#include <chrono>
#include <thread>

namespace flowdb::test_support {

/// Looks every few milliseconds whether `condition()` holds; returns false when it still does not
/// after `limit`.
template <typename Condition>
bool wait_until(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds{10}) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace flowdb::test_support
