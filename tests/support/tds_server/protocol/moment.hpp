#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowdb::tds_server {

/// A day and a time of day as TDS counts them (MS-TDS 2.2.5.5.1.8).
struct Moment {
  /// Since 0001-01-01 in the proleptic Gregorian calendar.
  std::int64_t days = 0;
  /// Units of 100 ns since midnight.
  std::int64_t ticks = 0;
  /// Minutes east of Greenwich; days and ticks are those of the place, not of Greenwich.
  int offset = 0;
};

inline constexpr std::int64_t kTicksPerSecond = 10'000'000;
inline constexpr std::int64_t kTicksPerMinute = 60 * kTicksPerSecond;
inline constexpr std::int64_t kTicksPerDay = 24 * 60 * kTicksPerMinute;
/// Of 1900-01-01, from where DATETIME counts.
inline constexpr std::int64_t kDaysTo1900 = 693'595;

/// Reads PostgreSQL's ISO output: a date, a time, or both, with or without an offset. Throws
/// std::out_of_range for what SQL Server cannot hold (infinity, BC, years past 9999).
Moment parse_moment(std::string_view text);

/// `2024-01-15`, `10:00:00.1234567`, both with a blank between, and ` +02:00` behind.
std::string date_text(const Moment& moment);
std::string time_text(const Moment& moment);
std::string offset_text(const Moment& moment);

/// Moves to the clock of a place `minutes` further east.
Moment shifted(const Moment& moment, int minutes);

}  // namespace flowdb::tds_server
