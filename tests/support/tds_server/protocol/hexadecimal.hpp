#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace flowdb::tds_server {

inline unsigned hexadecimal_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
  throw std::out_of_range("not a hexadecimal digit");
}

/// Digits in pairs; an odd number of them is refused.
inline std::string bytes_from_hexadecimal(std::string_view digits) {
  if (digits.size() % 2 != 0) throw std::out_of_range("an odd number of hexadecimal digits");
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(
        static_cast<char>(hexadecimal_value(digits[i]) << 4U | hexadecimal_value(digits[i + 1])));
  }
  return bytes;
}

inline std::string hexadecimal_from_bytes(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits.push_back(kDigits[byte >> 4U]);
    digits.push_back(kDigits[byte & 0xFU]);
  }
  return digits;
}

}  // namespace flowdb::tds_server
