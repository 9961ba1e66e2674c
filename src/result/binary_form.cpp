#include "result/binary_form.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <limits>

namespace flowdb::result::binary {
namespace {

template <class Unsigned>
Unsigned network_order(const char* bytes) noexcept {
  Unsigned value = 0;
  std::memcpy(&value, bytes, sizeof(value));
  static_assert(std::endian::native == std::endian::little ||
                std::endian::native == std::endian::big);
  if constexpr (std::endian::native == std::endian::little) {
    if constexpr (sizeof(value) == 2) {
      value = __builtin_bswap16(value);
    } else if constexpr (sizeof(value) == 4) {
      value = __builtin_bswap32(value);
    } else {
      value = __builtin_bswap64(value);
    }
  }
  return value;
}

/// The head of a numeric, before its digits of 16 bits, each of which counts up to 10,000.
struct NumericHead {
  static constexpr std::size_t size = 8;
  static constexpr std::uint16_t negative = 0x4000;
  static constexpr std::uint16_t not_a_number = 0xC000;
  static constexpr std::uint16_t infinity = 0xD000;
  static constexpr std::uint16_t negative_infinity = 0xF000;

  explicit NumericHead(const char* bytes) noexcept
      : digit_count(network_order<std::uint16_t>(bytes)),
        weight(static_cast<std::int16_t>(network_order<std::uint16_t>(bytes + 2))),
        sign(network_order<std::uint16_t>(bytes + 4)),
        scale(network_order<std::uint16_t>(bytes + 6)) {}

  int digit_count;
  int weight;  ///< of the first digit: the power of 10,000
  std::uint16_t sign;
  std::size_t scale;  ///< decimal digits behind the point that are shown
};

constexpr std::size_t digits_per_group = 4;

void append_group(std::string& text, unsigned group) {
  const std::array<char, digits_per_group> digits{
      static_cast<char>('0' + group / 1000), static_cast<char>('0' + group / 100 % 10),
      static_cast<char>('0' + group / 10 % 10), static_cast<char>('0' + group % 10)};
  text.append(digits.data(), digits.size());
}

}  // namespace

std::optional<std::int64_t> integer_from(std::string_view bytes) noexcept {
  switch (bytes.size()) {
    case sizeof(std::int64_t):
      return static_cast<std::int64_t>(network_order<std::uint64_t>(bytes.data()));
    case sizeof(std::int32_t):
      return static_cast<std::int32_t>(network_order<std::uint32_t>(bytes.data()));
    case sizeof(std::int16_t):
      return static_cast<std::int16_t>(network_order<std::uint16_t>(bytes.data()));
    default:
      return std::nullopt;
  }
}

std::optional<float> float_from(std::string_view bytes) noexcept {
  if (bytes.size() != sizeof(float)) {
    return std::nullopt;
  }
  return std::bit_cast<float>(network_order<std::uint32_t>(bytes.data()));
}

std::optional<double> double_from(std::string_view bytes) noexcept {
  if (bytes.size() != sizeof(double)) {
    return std::nullopt;
  }
  return std::bit_cast<double>(network_order<std::uint64_t>(bytes.data()));
}

std::optional<bool> bool_from(std::string_view bytes) noexcept {
  if (bytes.size() != 1) {
    return std::nullopt;
  }
  return bytes.front() != 0;
}

std::optional<Uuid> uuid_from(std::string_view bytes) noexcept {
  Uuid uuid;
  if (bytes.size() != uuid.bytes.size()) {
    return std::nullopt;
  }
  std::memcpy(uuid.bytes.data(), bytes.data(), bytes.size());
  return uuid;
}

std::optional<Date> date_from(std::string_view bytes) {
  const auto days = integer_from(bytes);
  if (!days) {
    return std::nullopt;
  }
  if (*days == std::numeric_limits<std::int32_t>::max()) {
    return Date::infinity();
  }
  if (*days == std::numeric_limits<std::int32_t>::min()) {
    return Date::negative_infinity();
  }
  return std::chrono::sys_days{std::chrono::days{*days + days_before_2000}};
}

std::optional<TimeOfDay> time_from(std::string_view bytes) noexcept {
  constexpr std::chrono::microseconds day = std::chrono::hours{24};
  const auto microseconds = integer_from(bytes);
  if (!microseconds || *microseconds < 0 || *microseconds > day.count()) {
    return std::nullopt;
  }
  return TimeOfDay{Ticks{*microseconds * ticks_per_microsecond}};
}

std::optional<std::string> decimal_from(std::string_view bytes) {
  if (bytes.size() < NumericHead::size) {
    return std::nullopt;
  }
  const NumericHead head{bytes.data()};
  const char* const digits = bytes.data() + NumericHead::size;
  if (bytes.size() != NumericHead::size + 2 * static_cast<std::size_t>(head.digit_count)) {
    return std::nullopt;
  }
  switch (head.sign) {
    case NumericHead::not_a_number:
      return "NaN";
    case NumericHead::infinity:
      return "Infinity";
    case NumericHead::negative_infinity:
      return "-Infinity";
    case 0:
    case NumericHead::negative:
      break;
    default:
      return std::nullopt;
  }
  const auto group = [&](int index) -> unsigned {
    return index >= 0 && index < head.digit_count ? network_order<std::uint16_t>(digits + 2 * index)
                                                  : 0U;
  };
  std::string text;
  const auto sign = static_cast<std::size_t>(head.sign == NumericHead::negative ? 1 : 0);
  text.append(sign, '-');
  for (int index = 0; index <= head.weight; ++index) {
    append_group(text, group(index));
  }
  const auto leading_zeros = std::min(text.find_first_not_of('0', sign), text.size()) - sign;
  text.erase(sign, leading_zeros);
  if (text.size() == sign) {
    text += '0';
  }
  if (head.scale > 0) {
    text += '.';
    const auto end = text.size() + head.scale;
    for (int index = head.weight + 1; text.size() < end; ++index) {
      append_group(text, group(index));
    }
    text.resize(end);
  }
  return text;
}

}  // namespace flowdb::result::binary
