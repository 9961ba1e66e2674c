#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace flowdb::tds_server {

/// MS-TDS 2.2.3.1.1: what a message is.
enum class PacketType : std::uint8_t {
  sql_batch = 0x01,
  rpc = 0x03,
  tabular_result = 0x04,
  attention = 0x06,
  bulk_load = 0x07,
  transaction_manager = 0x0E,
  login7 = 0x10,
  sspi = 0x11,
  prelogin = 0x12,
};

/// MS-TDS 2.2.3.1.2: bits of a packet's status.
inline constexpr std::uint8_t kEndOfMessage = 0x01;
inline constexpr std::uint8_t kIgnoreMessage = 0x02;
inline constexpr std::uint8_t kResetConnection = 0x08;
inline constexpr std::uint8_t kResetConnectionKeepTransaction = 0x10;

inline constexpr std::size_t kPacketHeaderSize = 8;
/// Until login agrees on another, and what is agreed on when the client asks for none.
inline constexpr std::size_t kDefaultPacketSize = 4096;

/// The payload of all packets up to one with kEndOfMessage.
struct Message {
  PacketType type = PacketType::sql_batch;
  /// All packets' status bits together.
  std::uint8_t status = 0;
  std::string payload{};
};

}  // namespace flowdb::tds_server
