#include "common/money.hpp"

#include <stdexcept>

namespace flows {

Cents to_cents(const flowdb::Decimal& amount) {
  return amount.to_scaled(2);
}

flowdb::Decimal to_decimal(Cents amount) {
  return flowdb::Decimal::from_scaled(amount, 2);
}

Cents add(Cents left, Cents right) {
  Cents sum = 0;
  if (__builtin_add_overflow(left, right, &sum)) {
    throw std::overflow_error("an amount of money is too large");
  }
  return sum;
}

Cents multiply(Cents amount, std::int64_t factor) {
  Cents product = 0;
  if (__builtin_mul_overflow(amount, factor, &product)) {
    throw std::overflow_error("an amount of money is too large");
  }
  return product;
}

std::int64_t divide_half_up(std::int64_t dividend, std::int64_t divisor) {
  const auto rest = dividend % divisor;
  return dividend / divisor + (rest >= divisor - rest ? 1 : 0);
}

}  // namespace flows
