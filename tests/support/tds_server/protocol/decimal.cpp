#include "support/tds_server/protocol/decimal.hpp"

#include <algorithm>
#include <stdexcept>

namespace flowdb::tds_server {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr Magnitude power_of_ten(unsigned exponent) {
  Magnitude power = 1;
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

constexpr Magnitude kBeyond = power_of_ten(38);

}  // namespace

ScaledDecimal parse_decimal(std::string_view text, unsigned scale) {
  ScaledDecimal result;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    result.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  unsigned behind_point = 0;
  bool point_seen = false;
  for (const char c : text) {
    if (c == '.' && !point_seen) {
      point_seen = true;
      continue;
    }
    if (!is_digit(c)) throw std::out_of_range("not a decimal");
    if (point_seen && behind_point++ >= scale) {
      if (behind_point == scale + 1 && c >= '5') ++result.magnitude;
      continue;
    }
    result.magnitude = result.magnitude * 10 + static_cast<unsigned>(c - '0');
    if (result.magnitude >= kBeyond) throw std::out_of_range("a decimal of more than 38 digits");
  }
  for (unsigned i = std::min(behind_point, scale); i < scale; ++i) {
    result.magnitude *= 10;
    if (result.magnitude >= kBeyond) throw std::out_of_range("a decimal of more than 38 digits");
  }
  return result;
}

std::string decimal_text(const ScaledDecimal& decimal, unsigned scale) {
  std::string digits;
  for (Magnitude rest = decimal.magnitude; rest != 0; rest /= 10) {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  while (digits.size() <= scale) digits.push_back('0');
  if (scale > 0) digits.insert(scale, 1, '.');
  if (decimal.negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace flowdb::tds_server
