#include "result/cell_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/types/date_time_text.hpp"
#include "result/binary_form.hpp"
#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb::result {
namespace {

constexpr std::int64_t microseconds_per_day =
    std::chrono::microseconds{std::chrono::hours{24}}.count();

/// As PostgreSQL's float8out and float4out write it: the shortest digits that give the number back,
/// with an exponent from the 15th (the 6th) digit before the point on, and below 0.0001.
template <class Floating>
std::string floating_text(Floating number) {
  if (!std::isfinite(number)) {
    return std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  }
  std::array<char, 64> buffer{};
  char* const end = buffer.data() + buffer.size();
  auto result = std::to_chars(buffer.data(), end, number, std::chars_format::scientific);
  const std::string_view scientific{buffer.data(),
                                    static_cast<std::size_t>(result.ptr - buffer.data())};
  const auto sign_of_exponent = scientific.find('e') + 1;
  int exponent = 0;
  std::from_chars(buffer.data() + sign_of_exponent + 1, result.ptr, exponent);
  if (scientific[sign_of_exponent] == '-' ? exponent > 4
                                          : exponent >= std::numeric_limits<Floating>::digits10) {
    return std::string{scientific};
  }
  result = std::to_chars(buffer.data(), end, number, std::chars_format::fixed);
  return {buffer.data(), result.ptr};
}

template <class Floating>
std::string normalized(std::string_view text) {
  Floating number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end ? floating_text(number) : std::string{text};
}

std::string timestamp_text(std::int64_t since_2000, std::string_view zone) {
  if (since_2000 == std::numeric_limits<std::int64_t>::max()) {
    return "infinity";
  }
  if (since_2000 == std::numeric_limits<std::int64_t>::min()) {
    return "-infinity";
  }
  const bool rounds_down = since_2000 % microseconds_per_day < 0;
  const auto days = since_2000 / microseconds_per_day - (rounds_down ? 1 : 0);
  const auto of_day = since_2000 - days * microseconds_per_day;
  const auto day = core::civil_from_days(days + binary::days_before_2000);
  std::string text;
  core::append_day(text, day);
  text += ' ';
  core::append_time(text, Ticks{of_day * binary::ticks_per_microsecond});
  text += zone;
  core::append_era(text, day);
  return text;
}

std::string text_of_binary(const Cell& cell) {
  const auto bytes = raw_of(cell);
  const auto integer = [&] { return checked(binary::integer_from(bytes), cell); };
  switch (cell.column().type) {
    case ColumnType::boolean:
      return checked(binary::bool_from(bytes), cell) ? "t" : "f";
    case ColumnType::int16:
    case ColumnType::int32:
    case ColumnType::int64:
      return std::to_string(integer());
    case ColumnType::float32:
      return floating_text(checked(binary::float_from(bytes), cell));
    case ColumnType::float64:
      return floating_text(checked(binary::double_from(bytes), cell));
    case ColumnType::decimal:
      return checked(binary::decimal_from(bytes), cell);
    case ColumnType::date:
      return checked(binary::date_from(bytes), cell).to_string();
    case ColumnType::time:
      return checked(binary::time_from(bytes), cell).to_string();
    case ColumnType::timestamp:
      return timestamp_text(integer(), "");
    case ColumnType::timestamp_tz:
      return timestamp_text(integer(), "+00");
    case ColumnType::uuid:
      return checked(binary::uuid_from(bytes), cell).to_string();
    case ColumnType::text:
    case ColumnType::bytes:
    case ColumnType::json:
    case ColumnType::array:
    case ColumnType::other:
      break;
  }
  return std::string{bytes};
}

}  // namespace

std::string text_of(const Cell& cell) {
  if (cell.is_null()) {
    return {};
  }
  if (is_binary(cell)) {
    return text_of_binary(cell);
  }
  switch (cell.column().type) {
    case ColumnType::float32:
      return normalized<float>(raw_of(cell));
    case ColumnType::float64:
      return normalized<double>(raw_of(cell));
    default:
      return std::string{raw_of(cell)};
  }
}

}  // namespace flowdb::result
