#include <chrono>
#include <cstdint>
#include <limits>

#include <flowdb/result_set.hpp>

#include "result/binary_form.hpp"
#include "result/cell_text.hpp"
#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb::result {
namespace {

constexpr std::int64_t ticks_per_microsecond = 10;

// No kind of date or time stands for another: that would take a zone or a time of day to be
// guessed.
template <class Parse, class Decode>
auto read_as(const Cell& cell, ColumnType type, std::string_view wanted, Parse parse,
             Decode decode) {
  if (cell.column().type != type) {
    throw_wrong_type(cell, wanted);
  }
  return is_binary(cell) ? decode(checked(binary::integer_from(raw_of(cell)), cell))
                         : parse_cell(cell, parse);
}

Date date_of(std::int64_t days_since_2000) {
  if (days_since_2000 == std::numeric_limits<std::int32_t>::max()) {
    return Date::infinity();
  }
  if (days_since_2000 == std::numeric_limits<std::int32_t>::min()) {
    return Date::negative_infinity();
  }
  return std::chrono::sys_days{std::chrono::days{days_since_2000 + binary::days_before_2000}};
}

TimeOfDay time_of(std::int64_t microseconds) {
  return {Ticks{microseconds * ticks_per_microsecond}};
}

/// Ticks since 1970; beyond what they can count, the text's own reader says so.
template <class T>
T moment_of(const Cell& cell, std::int64_t since_2000) {
  if (since_2000 == std::numeric_limits<std::int64_t>::max()) {
    return T::infinity();
  }
  if (since_2000 == std::numeric_limits<std::int64_t>::min()) {
    return T::negative_infinity();
  }
  constexpr Ticks before_2000 = std::chrono::hours{24} * binary::days_before_2000;
  std::int64_t ticks = 0;
  if (__builtin_mul_overflow(since_2000, ticks_per_microsecond, &ticks) ||
      __builtin_add_overflow(ticks, before_2000.count(), &ticks)) {
    const auto text = text_of(cell);
    return parse_cell(CellAccess::make(cell.column(), text, false), T::parse);
  }
  return T{Ticks{ticks}};
}

}  // namespace

Date read_date(const Cell& cell) {
  return read_as(cell, ColumnType::date, "a date", Date::parse, date_of);
}

TimeOfDay read_time(const Cell& cell) {
  return read_as(cell, ColumnType::time, "a time of day", TimeOfDay::parse, time_of);
}

Timestamp read_timestamp(const Cell& cell) {
  return read_as(cell, ColumnType::timestamp, "a timestamp", Timestamp::parse,
                 [&](std::int64_t value) { return moment_of<Timestamp>(cell, value); });
}

TimestampTz read_timestamp_tz(const Cell& cell) {
  return read_as(cell, ColumnType::timestamp_tz, "a timestamp with time zone", TimestampTz::parse,
                 [&](std::int64_t value) { return moment_of<TimestampTz>(cell, value); });
}

}  // namespace flowdb::result
