#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/tds_server/protocol/packet.hpp"
#include "support/tds_server/protocol/wire.hpp"

namespace flowdb::tds_server {

/// Messages cut into packets and put together from them (MS-TDS 2.2.3). For one thread.
class PacketStream {
 public:
  explicit PacketStream(Wire& wire) : wire_{&wire} {}

  /// Waits for a message, which is complete.
  Message read();
  /// A message if one has arrived as a whole by now.
  std::optional<Message> read_waiting();

  /// Begins a message to the client; write() sends full packets, end() the last one.
  void begin(PacketType type);
  void write(std::string_view bytes);
  void end();
  /// One whole message.
  void send(PacketType type, std::string_view payload);

  /// What login agreed on, headers included.
  void set_packet_size(std::size_t size) { packet_size_ = size; }
  /// What the header calls the session (MS-TDS 2.2.3.1.4).
  void set_session_id(std::uint16_t id) { session_id_ = id; }
  /// Packets sent so far.
  std::uint64_t sent_packets() const { return sent_packets_; }

 private:
  std::optional<Message> take_message();
  void send_packet(std::string_view payload, std::uint8_t status);

  Wire* wire_;
  std::string received_;
  Message partial_;
  bool message_begun_ = false;
  PacketType type_ = PacketType::tabular_result;
  std::string unsent_;
  std::size_t packet_size_ = kDefaultPacketSize;
  std::uint16_t session_id_ = 0;
  std::uint8_t packet_id_ = 0;
  std::uint64_t sent_packets_ = 0;
};

}  // namespace flowdb::tds_server
