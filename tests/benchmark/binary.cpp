#include "binary.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace flowdb::benchmark {

void append_double(std::string& buffer, double number) {
  append_integer(buffer, std::bit_cast<std::uint64_t>(number));
}

void append_date(std::string& buffer, std::chrono::sys_days day) {
  constexpr std::chrono::sys_days kEpoch{std::chrono::days{10'957}};
  append_integer(buffer, static_cast<std::int32_t>((day - kEpoch).count()));
}

void append_numeric(std::string& buffer, std::int64_t hundredths) {
  constexpr std::int16_t kNegative = 0x4000;
  const std::int64_t magnitude = hundredths < 0 ? -hundredths : hundredths;
  std::array<std::int16_t, 6> digits{};  // the last first
  std::size_t count = 0;
  digits[count++] = static_cast<std::int16_t>(magnitude % 100 * 100);
  for (auto whole = magnitude / 100; whole != 0; whole /= 10'000) {
    digits[count++] = static_cast<std::int16_t>(whole % 10'000);
  }
  append_integer(buffer, static_cast<std::int16_t>(count));
  append_integer(buffer, static_cast<std::int16_t>(static_cast<int>(count) - 2));
  append_integer(buffer, hundredths < 0 ? kNegative : std::int16_t{0});
  append_integer(buffer, std::int16_t{2});
  while (count > 0) {
    append_integer(buffer, digits[--count]);
  }
}

}  // namespace flowdb::benchmark
