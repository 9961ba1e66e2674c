#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::test_support {

enum class Protocol {
  postgresql,  ///< without TLS; a message's type is its first byte, that of the first ones is 0
  tds,         ///< the type of a packet: 1 a batch of SQL, 3 a call, 4 an answer
};

/// Follows one direction of a connection from its beginning, and says where messages begin and end.
class MessageFraming {
 public:
  MessageFraming(Protocol protocol, bool from_client)
      : protocol_{protocol}, is_start_up_{protocol == Protocol::postgresql && from_client} {}

  void take(std::string_view bytes);
  /// The next byte is the first of a message.
  bool is_between() const { return header_.empty() && left_ == 0; }
  /// Of the message that `first` begins.
  std::uint8_t type_of_next(char first) const {
    return is_start_up_ ? std::uint8_t{0} : static_cast<std::uint8_t>(first);
  }

 private:
  std::size_t header_size() const;
  std::size_t number_at(std::size_t place, std::size_t bytes) const;
  void take_header();

  Protocol protocol_;
  bool is_start_up_;
  std::string header_;
  std::size_t left_ = 0;
};

}  // namespace flowdb::test_support
