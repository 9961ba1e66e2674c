#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "support/message_framing.hpp"

namespace flowdb::test_support {

enum class Direction { to_server, to_client };
/// `silence` leaves both sockets open and moves no further byte: what is behind a broken NAT.
/// `client_only` resets the client's connection and leaves the server's open: what a firewall does
/// that has been restarted, and the server does not notice for long.
enum class CutStyle { close, reset, silence, client_only };

/// Every piece is held back for a random time in [least, most].
struct DelayRange {
  std::chrono::microseconds least{0};
  std::chrono::microseconds most{0};
};

/// The place before or behind a message of a type.
struct AtMessage {
  Protocol protocol = Protocol::postgresql;
  std::uint8_t type = 0;
  bool is_behind = false;
};

/// Lets `after_bytes` bytes of one direction pass and cuts the connection, both sides of it, when
/// another is due. It strikes `times` connections.
struct Cut {
  Direction direction = Direction::to_client;
  std::uint64_t after_bytes = 0;
  CutStyle style = CutStyle::reset;
  int times = 1;
  /// Instead of a number of bytes: when the next such message is due, or has passed.
  std::optional<AtMessage> message{};
};

struct ChaosOptions {
  /// Every random choice follows from it.
  std::uint64_t seed = 1;
  DelayRange to_server_delay{};
  DelayRange to_client_delay{};
  /// Forwards in pieces of 1 to `slice` bytes; 0 forwards what comes as it comes.
  std::size_t slice = 0;
  /// Counts the bytes from each connection's beginning.
  std::optional<Cut> cut{};
};

/// One line with the seed and all settings, for the message of a failed test.
std::string describe(const ChaosOptions& options);

}  // namespace flowdb::test_support
