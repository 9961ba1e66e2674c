#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include <flowdb/result_set.hpp>

#include "result/binary_form.hpp"
#include "result/cell_text.hpp"
#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb::result {
namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53U;

bool is_integer(ColumnType type) noexcept {
  return type == ColumnType::int16 || type == ColumnType::int32 || type == ColumnType::int64;
}

// The whole of a decimal's text, without a fraction of zeros.
std::string_view whole_part(const Cell& cell, std::string_view raw) {
  if (raw == "NaN" || raw == "Infinity" || raw == "-Infinity") {
    throw_lossy(cell, "NaN or an infinity, which an integer cannot hold");
  }
  const auto point = raw.find('.');
  if (raw.find_first_not_of('0', point == raw.npos ? raw.size() : point + 1) != raw.npos) {
    throw_lossy(cell, "a fraction, which an integer cannot hold");
  }
  return raw.substr(0, point);
}

template <class Integer>
Integer parse_integer(const Cell& cell, std::string_view digits) {
  if (!std::numeric_limits<Integer>::is_signed && digits.starts_with('-')) {
    if (digits == "-0") {
      return 0;
    }
    throw_out_of_range(cell, "integer", false, sizeof(Integer));
  }
  Integer value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::result_out_of_range) {
    throw_out_of_range(cell, "integer", std::numeric_limits<Integer>::is_signed, sizeof(Integer));
  }
  if (error != std::errc{} || stop != end) {
    throw_malformed(cell, "integer");
  }
  return value;
}

// An integer of any integral column, or of a decimal without a fraction.
template <class Integer>
Integer read_integer(const Cell& cell) {
  const auto type = cell.column().type;
  if (is_integer(type)) {
    if (!is_binary(cell)) {
      return parse_integer<Integer>(cell, raw_of(cell));
    }
    const auto value = checked(binary::integer_from(raw_of(cell)), cell);
    if (!std::in_range<Integer>(value)) {
      throw_out_of_range(cell, "integer", std::numeric_limits<Integer>::is_signed, sizeof(Integer));
    }
    return static_cast<Integer>(value);
  }
  if (type != ColumnType::decimal) {
    throw_wrong_type(cell, "an integer");
  }
  const auto text = text_of(cell);
  return parse_integer<Integer>(cell, whole_part(cell, text));
}

// The digits of a real or double precision column; from_chars knows NaN and infinities as well.
template <class Floating>
Floating parse_floating(const Cell& cell) {
  const auto raw = raw_of(cell);
  Floating value = 0;
  const char* const end = raw.data() + raw.size();
  const auto [stop, error] = std::from_chars(raw.data(), end, value);
  if (error != std::errc{} || stop != end) {
    throw_malformed(cell, "floating-point number");
  }
  return value;
}

float float32_of(const Cell& cell) {
  return is_binary(cell) ? checked(binary::float_from(raw_of(cell)), cell)
                         : parse_floating<float>(cell);
}

double float64_of(const Cell& cell) {
  return is_binary(cell) ? checked(binary::double_from(raw_of(cell)), cell)
                         : parse_floating<double>(cell);
}

double decimal_as_double(const Cell& cell) {
  const auto decimal = read_decimal(cell);
  const double value = decimal.to_double();
  if (std::isinf(value) && decimal.is_finite()) {
    throw_lossy(cell, "a value too large for a double");
  }
  return value;
}

}  // namespace

bool read_bool(const Cell& cell) {
  if (cell.column().type != ColumnType::boolean) {
    throw_wrong_type(cell, "a boolean");
  }
  const auto raw = raw_of(cell);
  if (is_binary(cell)) {
    return checked(binary::bool_from(raw), cell);
  }
  if (raw == "t" || raw == "true" || raw == "1") {
    return true;
  }
  if (raw == "f" || raw == "false" || raw == "0") {
    return false;
  }
  throw_malformed(cell, "boolean");
}

std::int64_t read_int64(const Cell& cell) {
  return read_integer<std::int64_t>(cell);
}

std::uint64_t read_uint64(const Cell& cell) {
  return read_integer<std::uint64_t>(cell);
}

double read_double(const Cell& cell) {
  switch (cell.column().type) {
    case ColumnType::float64:
      return float64_of(cell);
    case ColumnType::float32:
      // By way of float: 0.1 in a real column is that float, not the double nearest to 0.1.
      return double{float32_of(cell)};
    case ColumnType::decimal:
      return decimal_as_double(cell);
    case ColumnType::int16:
    case ColumnType::int32:
    case ColumnType::int64:
      break;
    default:
      throw_wrong_type(cell, "a number");
  }
  const auto value = read_int64(cell);
  if (value > kExactInDouble || value < -kExactInDouble) {
    throw_lossy(cell, "an integer beyond 2^53, which a double may not hold exactly");
  }
  return static_cast<double>(value);
}

float read_float(const Cell& cell) {
  const auto type = cell.column().type;
  if (type == ColumnType::float32) {
    return float32_of(cell);
  }
  if (type != ColumnType::float64) {
    throw_wrong_type(cell, "a floating-point number");
  }
  const auto value = float64_of(cell);
  const bool fits = !std::isfinite(value) || std::abs(value) <= std::numeric_limits<float>::max();
  const auto narrow = fits ? static_cast<float>(value) : 0.0F;
  if (!fits || (!std::isnan(value) && double{narrow} != value)) {
    throw_lossy(cell, "a value that a float cannot hold exactly");
  }
  return narrow;
}

Decimal read_decimal(const Cell& cell) {
  if (cell.column().type != ColumnType::decimal && !is_integer(cell.column().type)) {
    throw_wrong_type(cell, "a decimal");
  }
  if (!is_binary(cell)) {
    return parse_cell(cell, [](std::string_view raw) { return Decimal{raw}; });
  }
  if (cell.column().type != ColumnType::decimal) {
    return checked(binary::integer_from(raw_of(cell)), cell);
  }
  return Decimal{checked(binary::decimal_from(raw_of(cell)), cell)};
}

}  // namespace flowdb::result
