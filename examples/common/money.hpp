#pragma once

#include <cstdint>

#include <flowdb/types.hpp>

namespace flows {

/// Money as whole cents: exact, whatever is added up.
using Cents = std::int64_t;

/// A price as text or NUMERIC gives it.
/// \throws flowdb::InvalidArgument when it has more than two decimals.
Cents to_cents(const flowdb::Decimal& amount);
flowdb::Decimal to_decimal(Cents amount);

/// \throws std::overflow_error beyond the 64 bits.
Cents add(Cents left, Cents right);
Cents multiply(Cents amount, std::int64_t factor);

/// Rounded to the nearest whole number, halves up. The dividend must not be negative, the divisor
/// must be positive.
std::int64_t divide_half_up(std::int64_t dividend, std::int64_t divisor);

}  // namespace flows
