#pragma once

#include <optional>
#include <string_view>

namespace flowdb::core {

/// 0 to 15; either case of letters.
constexpr std::optional<unsigned> hexadecimal_value(char digit) noexcept {
  constexpr std::string_view kLower = "0123456789abcdef";
  constexpr std::string_view kUpper = "0123456789ABCDEF";
  auto place = kLower.find(digit);
  if (place == std::string_view::npos) {
    place = kUpper.find(digit);
  }
  return place == std::string_view::npos ? std::nullopt
                                         : std::optional{static_cast<unsigned>(place)};
}

/// The lower-case digit of a value below 16.
constexpr char hexadecimal_digit(unsigned value) noexcept {
  return "0123456789abcdef"[value];
}

}  // namespace flowdb::core
