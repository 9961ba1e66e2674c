#include "result/base64.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace flowdb::result {

std::string to_base64(std::string_view bytes) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t place = 0; place < bytes.size(); place += 3) {
    const auto count = std::min<std::size_t>(3, bytes.size() - place);
    std::uint32_t group = 0;  // 24 bits
    for (std::size_t i = 0; i < 3; ++i) {
      const auto byte = i < count ? static_cast<unsigned char>(bytes[place + i]) : 0U;
      group = group << 8U | byte;
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= count ? kAlphabet[group >> (18 - 6 * i) & 0x3FU] : '=';
    }
  }
  return text;
}

}  // namespace flowdb::result
