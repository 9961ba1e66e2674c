#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <flowdb/types.hpp>

/// PostgreSQL's binary form of values: what the types' send functions write (int8send, float8send,
/// numeric_send, date_send, timestamp_send, uuid_send in src/backend/utils/adt). All of it is in
/// network byte order. nullopt for bytes that are no such value.

namespace flowdb::result::binary {

/// Of 2, 4 or 8 bytes.
std::optional<std::int64_t> integer_from(std::string_view bytes) noexcept;
std::optional<float> float_from(std::string_view bytes) noexcept;
std::optional<double> double_from(std::string_view bytes) noexcept;
std::optional<bool> bool_from(std::string_view bytes) noexcept;
/// In plain form: no digit and no trailing zero is lost; `NaN`, `Infinity`, `-Infinity`.
std::optional<std::string> decimal_from(std::string_view bytes);

std::optional<Uuid> uuid_from(std::string_view bytes) noexcept;
std::optional<Date> date_from(std::string_view bytes);
std::optional<TimeOfDay> time_from(std::string_view bytes) noexcept;

/// PostgreSQL counts the days and microseconds of dates and timestamps from 2000-01-01; the ends of
/// the range stand for the infinities.
inline constexpr std::int64_t days_before_2000 = 10'957;  // since 1970-01-01
inline constexpr std::int64_t ticks_per_microsecond = 10;

}  // namespace flowdb::result::binary
