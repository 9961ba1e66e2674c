#include "config/plain_value.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "core/ascii.hpp"

namespace flowdb::config {

std::optional<int> to_integer(std::string_view text) noexcept {
  const auto digits = trim(text);
  const char* end = digits.data() + digits.size();
  int number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  const bool is_number = error == std::errc{} && rest == end;
  return is_number ? std::optional<int>{number} : std::nullopt;
}

std::optional<bool> to_boolean(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kTrue = {"true", "1", "yes", "on", "enabled"};
  static constexpr std::array<std::string_view, 5> kFalse = {"false", "0", "no", "off", "disabled"};
  const auto word = to_lower(trim(text));
  for (std::size_t i = 0; i < kTrue.size(); ++i) {
    if (word == kTrue[i] || word == kFalse[i]) {
      return word == kTrue[i];
    }
  }
  return std::nullopt;
}

}  // namespace flowdb::config
