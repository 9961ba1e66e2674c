#include "core/types/decimal_text.hpp"

#include <utility>

#include <flowdb/error.hpp>

#include "core/types/text_cursor.hpp"

namespace flowdb::core {
namespace {

[[noreturn]] void throw_malformed() {
  throw InvalidArgument(
      "the text is not a decimal: expected the form -12.50 or 1e-7, or NaN, Infinity or -Infinity");
}

[[noreturn]] void throw_out_of_bounds() {
  throw InvalidArgument(
      "the decimal is out of bounds: at most 131072 digits before the point and 16383 behind it");
}

std::string_view without_leading_zeros(std::string_view digits) noexcept {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view{} : digits.substr(first);
}

// The exponent behind an `e`; one with more digits than any bound needs is as good as infinite.
std::int64_t scan_exponent(TextCursor& cursor) {
  const bool is_negative = cursor.accept('-');
  if (!is_negative) {
    cursor.accept('+');
  }
  const auto digits = cursor.digits();
  if (digits.empty()) {
    throw_malformed();
  }
  TextCursor magnitude{without_leading_zeros(digits)};
  const auto exponent = magnitude.number(0, 9);
  if (!exponent) {
    throw_out_of_bounds();
  }
  return is_negative ? -*exponent : *exponent;
}

/// The plain form already, as servers send it, and short enough for the bounds not to matter.
bool is_plain(std::string_view text) noexcept {
  if (text.size() > kFractionDigitsLimit) {
    return false;
  }
  TextCursor cursor{text};
  const bool is_negative = cursor.accept('-');
  const auto integer = cursor.digits();
  if (integer.empty() || (integer.front() == '0' && integer.size() > 1) ||
      (cursor.accept('.') && cursor.digits().empty()) || !cursor.at_end()) {
    return false;
  }
  return !is_negative || text.find_first_of("123456789") != std::string_view::npos;  // not -0.0
}

}  // namespace

std::string canonical_decimal(std::string_view text) {
  if (is_plain(text)) {
    return std::string{text};
  }
  if (text == "NaN" || text == "Infinity" || text == "-Infinity") {
    return std::string{text};
  }
  TextCursor cursor{text};
  const bool is_negative = cursor.accept('-');
  if (!is_negative) {
    cursor.accept('+');
  }
  std::string digits{cursor.digits()};
  std::int64_t scale = 0;
  if (cursor.accept('.')) {
    const auto fraction = cursor.digits();
    if (fraction.empty()) {
      throw_malformed();
    }
    digits += fraction;
    scale = static_cast<std::int64_t>(fraction.size());
  }
  if (digits.empty()) {
    throw_malformed();
  }
  if (cursor.accept('e') || cursor.accept('E')) {
    scale -= scan_exponent(cursor);
  }
  if (!cursor.at_end()) {
    throw_malformed();
  }
  return decimal_from_digits(is_negative, std::move(digits), scale);
}

std::string decimal_from_digits(bool is_negative, std::string digits, std::int64_t scale) {
  digits.erase(0, digits.size() - without_leading_zeros(digits).size());
  const bool is_zero = digits.empty();
  if (scale > kFractionDigitsLimit ||
      (!is_zero && static_cast<std::int64_t>(digits.size()) - scale > kIntegerDigitsLimit)) {
    throw_out_of_bounds();
  }
  if (scale < 0) {
    digits.append(is_zero ? 0 : static_cast<std::size_t>(-scale), '0');
    scale = 0;
  }
  const auto fraction_size = static_cast<std::size_t>(scale);
  if (digits.size() <= fraction_size) {
    digits.insert(0, fraction_size + 1 - digits.size(), '0');  // a zero before the point
  }
  if (fraction_size > 0) {
    digits.insert(digits.size() - fraction_size, 1, '.');
  }
  if (is_negative && !is_zero) {
    digits.insert(0, 1, '-');
  }
  return digits;
}

DecimalParts decimal_parts(std::string_view canonical) noexcept {
  using Kind = DecimalParts::Kind;
  if (canonical == "NaN") {
    return {Kind::not_a_number};
  }
  if (canonical == "Infinity") {
    return {Kind::infinity};
  }
  if (canonical == "-Infinity") {
    return {Kind::negative_infinity, true};
  }
  DecimalParts parts;
  TextCursor cursor{canonical};
  parts.is_negative = cursor.accept('-');
  parts.integer = without_leading_zeros(cursor.digits());
  if (cursor.accept('.')) {
    parts.fraction = cursor.digits();
    parts.fraction = parts.fraction.substr(0, parts.fraction.find_last_not_of('0') + 1);
  }
  return parts;
}

}  // namespace flowdb::core
