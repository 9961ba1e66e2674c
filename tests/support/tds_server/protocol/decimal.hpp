#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::tds_server {

__extension__ typedef unsigned __int128 Magnitude;

/// A decimal as its digits without a point: value = ±magnitude × 10^-scale.
struct ScaledDecimal {
  bool negative = false;
  Magnitude magnitude = 0;
};

/// `text` at a scale, rounded half away from zero. Throws std::out_of_range beyond 38 digits and
/// for what is no number.
ScaledDecimal parse_decimal(std::string_view text, unsigned scale);

std::string decimal_text(const ScaledDecimal& decimal, unsigned scale);

}  // namespace flowdb::tds_server
