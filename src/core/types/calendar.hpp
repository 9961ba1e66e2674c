#pragma once

#include <cstdint>
#include <optional>

#include <flowdb/types.hpp>

namespace flowdb::core {

/// A day as a calendar names it. The year is astronomical: 0 is 1 BC, -1 is 2 BC.
struct CivilDay {
  std::int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

/// Days since 1970-01-01 in the proleptic Gregorian calendar, for years that std::chrono::year
/// cannot hold as well; nullopt when the calendar has no such day.
std::optional<std::int64_t> days_from_civil(const CivilDay& civil) noexcept;
CivilDay civil_from_days(std::int64_t days) noexcept;

inline constexpr Ticks kTicksPerDay = std::chrono::hours{24};

/// A moment as its day and the time since that day's midnight, which is less than a day.
struct DayAndTime {
  std::int64_t days = 0;
  Ticks time{0};
};

DayAndTime split(Ticks since_epoch) noexcept;
/// nullopt when the moment is beyond what ticks can count, or at their two ends, which stand for
/// the infinities. `time` may be negative or a day and more.
std::optional<Ticks> join(const DayAndTime& moment) noexcept;

}  // namespace flowdb::core
