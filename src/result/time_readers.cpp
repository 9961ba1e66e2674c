#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <flowdb/result_set.hpp>

#include "result/binary_form.hpp"
#include "result/cell_text.hpp"
#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb::result {
namespace {

// No kind of date or time stands for another: that would take a zone or a time of day to be
// guessed.
template <class Parse, class Decode>
auto read_as(const Cell& cell, ColumnType type, std::string_view wanted, Parse parse,
             Decode decode) {
  if (cell.column().type != type) {
    throw_wrong_type(cell, wanted);
  }
  return is_binary(cell) ? checked(decode(raw_of(cell)), cell) : parse_cell(cell, parse);
}

/// Ticks since 1970; beyond what they can count, the text's own reader says so.
template <class T>
std::optional<T> moment_from(const Cell& cell, std::string_view bytes) {
  const auto since_2000 = binary::integer_from(bytes);
  if (!since_2000) {
    return std::nullopt;
  }
  if (*since_2000 == std::numeric_limits<std::int64_t>::max()) {
    return T::infinity();
  }
  if (*since_2000 == std::numeric_limits<std::int64_t>::min()) {
    return T::negative_infinity();
  }
  constexpr Ticks before_2000 = std::chrono::hours{24} * binary::days_before_2000;
  std::int64_t ticks = 0;
  if (__builtin_mul_overflow(*since_2000, binary::ticks_per_microsecond, &ticks) ||
      __builtin_add_overflow(ticks, before_2000.count(), &ticks)) {
    const auto text = text_of(cell);
    return parse_cell(CellAccess::make(cell.column(), text, false), T::parse);
  }
  return T{Ticks{ticks}};
}

}  // namespace

Date read_date(const Cell& cell) {
  return read_as(cell, ColumnType::date, "a date", Date::parse, binary::date_from);
}

TimeOfDay read_time(const Cell& cell) {
  return read_as(cell, ColumnType::time, "a time of day", TimeOfDay::parse, binary::time_from);
}

Timestamp read_timestamp(const Cell& cell) {
  return read_as(cell, ColumnType::timestamp, "a timestamp", Timestamp::parse,
                 [&](std::string_view bytes) { return moment_from<Timestamp>(cell, bytes); });
}

TimestampTz read_timestamp_tz(const Cell& cell) {
  return read_as(cell, ColumnType::timestamp_tz, "a timestamp with time zone", TimestampTz::parse,
                 [&](std::string_view bytes) { return moment_from<TimestampTz>(cell, bytes); });
}

}  // namespace flowdb::result
