#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace flowdb::benchmark {

/// Values in PostgreSQL's binary format, as its own receive functions read
/// them.

/// Big-endian, as everything on the wire.
template <class Integer>
void append_integer(std::string& buffer, Integer number) {
  for (int shift = 8 * static_cast<int>(sizeof number) - 8; shift >= 0; shift -= 8) {
    buffer.push_back(static_cast<char>(number >> shift));
  }
}

void append_double(std::string& buffer, double number);
/// Days since 2000-01-01.
void append_date(std::string& buffer, std::chrono::sys_days day);
/// A numeric with two digits behind the point, from hundredths: digits of base
/// 10,000 behind their count, the first one's weight, the sign and the scale.
void append_numeric(std::string& buffer, std::int64_t hundredths);

}  // namespace flowdb::benchmark
