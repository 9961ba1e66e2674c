#include <algorithm>
#include <charconv>
#include <compare>
#include <limits>
#include <system_error>
#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "core/types/decimal_text.hpp"

namespace flowdb {
namespace {

using core::DecimalParts;

constexpr int kScaleLimit = 1000;

void require_scale(int scale) {
  if (scale < 0 || scale > kScaleLimit) {
    throw InvalidArgument("the scale of a decimal must be from 0 to 1000");
  }
}

std::weak_ordering compare_magnitude(const DecimalParts& left, const DecimalParts& right) {
  if (left.integer.size() != right.integer.size()) {
    return left.integer.size() <=> right.integer.size();
  }
  if (const auto order = left.integer <=> right.integer; std::is_neq(order)) {
    return order;
  }
  return left.fraction <=> right.fraction;
}

}  // namespace

Decimal::Decimal(std::int64_t value) : text_(std::to_string(value)) {}

Decimal::Decimal(std::string_view text) : text_(core::canonical_decimal(text)) {}

Decimal Decimal::from_scaled(std::int64_t unscaled, int scale) {
  require_scale(scale);
  auto digits = std::to_string(unscaled);
  const bool is_negative = unscaled < 0;
  if (is_negative) {
    digits.erase(0, 1);
  }
  Decimal decimal;
  decimal.text_ = core::decimal_from_digits(is_negative, std::move(digits), scale);
  return decimal;
}

std::int64_t Decimal::to_scaled(int scale) const {
  require_scale(scale);
  const auto parts = core::decimal_parts(text_);
  if (parts.kind != DecimalParts::Kind::finite) {
    throw InvalidArgument("NaN and the infinities have no scaled integer: ask is_finite() first");
  }
  const auto places = static_cast<std::size_t>(scale);
  if (parts.fraction.size() > places) {
    throw InvalidArgument("the decimal has more digits behind the point than the scale keeps");
  }
  // Counted downwards, where the lowest integer has its place.
  std::int64_t value = 0;
  bool fits = true;
  const auto append = [&](char digit) {
    fits = fits && !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
           !__builtin_sub_overflow(value, std::int64_t{digit - '0'}, &value);
  };
  std::for_each(parts.integer.begin(), parts.integer.end(), append);
  std::for_each(parts.fraction.begin(), parts.fraction.end(), append);
  for (auto missing = places - parts.fraction.size(); missing > 0 && value != 0; --missing) {
    append('0');
  }
  if (!fits || (!parts.is_negative && value == std::numeric_limits<std::int64_t>::min())) {
    throw InvalidArgument("the decimal at this scale is beyond a 64-bit integer");
  }
  return parts.is_negative ? value : -value;
}

double Decimal::to_double() const {
  double value = 0;
  const auto* const end = text_.data() + text_.size();
  if (std::from_chars(text_.data(), end, value).ec == std::errc::result_out_of_range) {
    const auto parts = core::decimal_parts(text_);
    value = parts.integer.empty() ? 0.0 : std::numeric_limits<double>::infinity();
    return parts.is_negative ? -value : value;
  }
  return value;
}

bool Decimal::is_finite() const noexcept {
  return core::decimal_parts(text_).kind == DecimalParts::Kind::finite;
}

bool Decimal::operator==(const Decimal& other) const {
  return std::is_eq(*this <=> other);
}

std::weak_ordering Decimal::operator<=>(const Decimal& other) const {
  const auto a = core::decimal_parts(text_);
  const auto b = core::decimal_parts(other.text_);
  if (a.kind != b.kind || a.kind != DecimalParts::Kind::finite) {
    return a.kind <=> b.kind;
  }
  if (a.is_negative != b.is_negative) {
    return a.is_negative ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return a.is_negative ? compare_magnitude(b, a) : compare_magnitude(a, b);
}

}  // namespace flowdb
