#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "core/types/hexadecimal.hpp"

namespace flowdb {
namespace {

constexpr std::size_t kTextSize = 36;

constexpr bool is_hyphen_place(std::size_t index) noexcept {
  return index == 8 || index == 13 || index == 18 || index == 23;
}

bool scan_uuid(std::string_view text, Uuid& id) {
  if (text.size() == kTextSize + 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, kTextSize);
  }
  if (text.size() != kTextSize) {
    return false;
  }
  std::size_t count = 0;  // of hexadecimal digits
  for (std::size_t i = 0; i < kTextSize; ++i) {
    if (is_hyphen_place(i)) {
      if (text[i] != '-') {
        return false;
      }
      continue;
    }
    const auto digit = core::hexadecimal_value(text[i]);
    if (!digit) {
      return false;
    }
    auto& byte = id.bytes[count / 2];
    byte = static_cast<std::uint8_t>(byte * 16 + *digit);
    ++count;
  }
  return true;
}

}  // namespace

Uuid Uuid::parse(std::string_view text) {
  Uuid id;
  if (!scan_uuid(text, id)) {
    throw InvalidArgument(
        "the text is not a UUID: expected the form 123e4567-e89b-12d3-a456-426614174000");
  }
  return id;
}

std::string Uuid::to_string() const {
  std::string text;
  text.reserve(kTextSize);
  for (const auto byte : bytes) {
    if (is_hyphen_place(text.size())) {
      text += '-';
    }
    text += core::hexadecimal_digit(byte >> 4U);
    text += core::hexadecimal_digit(byte & 0x0FU);
  }
  return text;
}

}  // namespace flowdb
