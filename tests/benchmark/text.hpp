#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace flowdb::benchmark {

/// From PostgreSQL's text to values, as a program writes it that knows its own
/// columns: no allocation, one pass, only as much checking as costs nothing.

template <class Number>
Number to_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::runtime_error("not a number");
  }
  return number;
}

/// A numeric with two digits behind the point, in hundredths.
inline std::int64_t to_hundredths(std::string_view text) {
  const bool is_negative = text.front() == '-';
  std::int64_t number = 0;
  for (const char character : text.substr(is_negative ? 1 : 0)) {
    if (character != '.') {
      number = number * 10 + (character - '0');
    }
  }
  return is_negative ? -number : number;
}

/// Two digits.
inline int to_pair(const char* text) {
  return (text[0] - '0') * 10 + (text[1] - '0');
}

/// `2024-01-15` in days since 1970.
inline std::int64_t to_days(std::string_view text) {
  const auto day = std::chrono::year{to_pair(text.data()) * 100 + to_pair(text.data() + 2)} /
                   to_pair(text.data() + 5) / to_pair(text.data() + 8);
  return std::chrono::sys_days{day}.time_since_epoch().count();
}

/// `2024-01-15 10:30:00.5` in microseconds since 1970.
inline std::int64_t to_microseconds(std::string_view text) {
  const char* const time = text.data() + 11;
  const std::int64_t seconds =
      to_days(text) * 86'400 + to_pair(time) * 3'600 + to_pair(time + 3) * 60 + to_pair(time + 6);
  std::int64_t fraction = 0;
  for (std::size_t i = 20; i < 26; ++i) {
    fraction = fraction * 10 + (i < text.size() ? text[i] - '0' : 0);
  }
  return seconds * 1'000'000 + fraction;
}

}  // namespace flowdb::benchmark
