#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "core/clock.hpp"

namespace flowdb {

/// Does something at regular intervals, on a thread of its own, until it is destroyed. Thread-safe,
/// construction and destruction excepted.
class Ticker {
 public:
  /// Calls `work` at once and then whenever another `interval` has passed; a call that takes longer
  /// makes it leave out those that are missed. `work` is given what tells it that it is to end
  /// soon, and must not throw. The clock must outlive the ticker, and its thread. \throws
  /// std::system_error when the system has no thread left.
  using Stopping = std::function<bool()>;
  Ticker(std::chrono::nanoseconds interval, std::function<void(const Stopping&)> work,
         Clock& clock = Clock::system());
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;
  /// No further call; waits for the one under way, unless that is who destroys it. In a child
  /// process, which has no such thread, nothing happens.
  ~Ticker();

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state);

  std::uint64_t process_;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace flowdb
