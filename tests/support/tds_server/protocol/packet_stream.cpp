#include "support/tds_server/protocol/packet_stream.hpp"

#include "support/tds_server/protocol/bytes.hpp"

namespace flowdb::tds_server {

Message PacketStream::read() {
  for (;;) {
    if (auto message = take_message()) return std::move(*message);
    received_ += wire_->receive();
  }
}

std::optional<Message> PacketStream::read_waiting() {
  for (;;) {
    if (auto message = take_message()) return message;
    const std::string arrived = wire_->receive_waiting();
    if (arrived.empty()) return std::nullopt;
    received_ += arrived;
  }
}

/// Takes whole packets from the front of what was received.
std::optional<Message> PacketStream::take_message() {
  std::size_t at = 0;
  std::optional<Message> complete;
  while (!complete && received_.size() - at >= kPacketHeaderSize) {
    ByteReader header{std::string_view{received_}.substr(at, kPacketHeaderSize)};
    const auto type = static_cast<PacketType>(header.u8());
    const std::uint8_t status = header.u8();
    const std::size_t length = header.u16_big_endian();
    if (length < kPacketHeaderSize) throw ProtocolError("a packet shorter than its header");
    if (received_.size() - at < length) break;
    if (message_begun_ && type != partial_.type) throw ProtocolError("a packet of another message");
    message_begun_ = true;
    partial_.type = type;
    partial_.status |= status;
    partial_.payload.append(received_, at + kPacketHeaderSize, length - kPacketHeaderSize);
    at += length;
    if ((status & kEndOfMessage) != 0) {
      complete = std::move(partial_);
      partial_ = {};
      message_begun_ = false;
    }
  }
  received_.erase(0, at);
  return complete;
}

void PacketStream::begin(PacketType type) {
  type_ = type;
  packet_id_ = 0;
  unsent_.clear();
}

void PacketStream::write(std::string_view bytes) {
  unsent_.append(bytes);
  const std::size_t room = packet_size_ - kPacketHeaderSize;
  std::size_t at = 0;
  // What would end the message stays, for only end() knows that it does.
  while (unsent_.size() - at > room) {
    send_packet(std::string_view{unsent_}.substr(at, room), 0);
    at += room;
  }
  unsent_.erase(0, at);
}

void PacketStream::end() {
  send_packet(unsent_, kEndOfMessage);
  unsent_.clear();
}

void PacketStream::send(PacketType type, std::string_view payload) {
  begin(type);
  write(payload);
  end();
}

void PacketStream::send_packet(std::string_view payload, std::uint8_t status) {
  std::string packet;
  packet.reserve(kPacketHeaderSize + payload.size());
  put_u8(packet, static_cast<std::uint8_t>(type_));
  put_u8(packet, status);
  put_u16_big_endian(packet, kPacketHeaderSize + payload.size());
  put_u16_big_endian(packet, session_id_);
  put_u8(packet, ++packet_id_);
  put_u8(packet, 0);
  packet += payload;
  wire_->send(packet);
  ++sent_packets_;
}

}  // namespace flowdb::tds_server
