#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "core/deadline.hpp"

namespace flowdb::backend::sqlserver {

/// One opener at a time for each server address: see SocketSearch.
class OpenTurn {
 public:
  /// Waits for its turn until the deadline; has_turn() then tells.
  OpenTurn(const std::string& address, const Deadline& deadline);
  OpenTurn(const OpenTurn&) = delete;
  OpenTurn& operator=(const OpenTurn&) = delete;
  ~OpenTurn();

  bool has_turn() const noexcept { return has_turn_; }

 private:
  struct Door {
    std::mutex mutex;
    std::condition_variable opened;
    bool is_taken = false;
  };
  static std::shared_ptr<Door> door_of(const std::string& address);

  std::shared_ptr<Door> door_;
  bool has_turn_ = false;
};

/// Lets the driver manager load the driver, which it cannot do in two threads at once, by a
/// connection that names no server. Once a process and driver; nothing is sent anywhere.
void load_driver_once(const std::string& driver_name);

}  // namespace flowdb::backend::sqlserver
