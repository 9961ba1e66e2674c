#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::core {

/// PostgreSQL's bounds of numeric: digits before and behind the point.
inline constexpr std::int64_t kIntegerDigitsLimit = 131'072;
inline constexpr std::int64_t kFractionDigitsLimit = 16'383;

/// The plain form: no exponent, no plus sign, no needless leading zero, trailing zeros kept.
/// Accepts a sign, digits with or without a fraction (`.5` too), an exponent; NaN, Infinity,
/// -Infinity as written here.
/// \throws InvalidArgument for anything else, and beyond PostgreSQL's bounds.
std::string canonical_decimal(std::string_view text);

/// `digits` × 10^-scale in plain form; `digits` may begin with zeros.
std::string decimal_from_digits(bool is_negative, std::string digits, std::int64_t scale);

/// A decimal in plain form, taken apart; views into its text.
struct DecimalParts {
  /// In the order in which PostgreSQL sorts them.
  enum class Kind { negative_infinity, finite, infinity, not_a_number };

  Kind kind = Kind::finite;
  bool is_negative = false;
  std::string_view integer = {};   ///< without leading zeros: empty below 1
  std::string_view fraction = {};  ///< without trailing zeros
};
DecimalParts decimal_parts(std::string_view canonical) noexcept;

}  // namespace flowdb::core
