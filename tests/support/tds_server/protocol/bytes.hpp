#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace flowdb::tds_server {

/// The client broke the protocol: the connection is closed.
class ProtocolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Appends `value` with its least significant byte first, as TDS writes nearly all numbers.
template <typename Integer>
void put(std::string& out, Integer value) {
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    out.push_back(static_cast<char>(rest & 0xFFU));
    rest >>= 8U;
  }
}

inline void put_u8(std::string& out, std::uint64_t value) {
  put(out, static_cast<std::uint8_t>(value));
}
inline void put_u16(std::string& out, std::uint64_t value) {
  put(out, static_cast<std::uint16_t>(value));
}
inline void put_u32(std::string& out, std::uint64_t value) {
  put(out, static_cast<std::uint32_t>(value));
}
inline void put_u16_big_endian(std::string& out, std::uint64_t value) {
  put_u8(out, value >> 8U & 0xFFU);
  put_u8(out, value & 0xFFU);
}

/// Reads a message from front to back; reading past its end throws ProtocolError.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_{bytes} {}

  std::size_t remaining() const { return bytes_.size(); }
  bool at_end() const { return bytes_.empty(); }

  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) throw ProtocolError("a message ends too early");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }
  /// `count` bytes, least significant first.
  std::uint64_t number(std::size_t count) {
    const std::string_view taken = take(count);
    std::uint64_t value = 0;
    for (std::size_t i = count; i > 0; --i) {
      value = value << 8U | static_cast<unsigned char>(taken[i - 1]);
    }
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  std::uint16_t u16_big_endian() {
    const unsigned high = u8();
    return static_cast<std::uint16_t>(high << 8U | u8());
  }
  std::uint8_t peek() const {
    if (bytes_.empty()) throw ProtocolError("a message ends too early");
    return static_cast<std::uint8_t>(bytes_.front());
  }

 private:
  std::string_view bytes_;
};

}  // namespace flowdb::tds_server
