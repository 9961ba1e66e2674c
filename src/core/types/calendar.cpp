#include "core/types/calendar.hpp"

#include <chrono>

namespace flowdb::core {
namespace {

// The Gregorian calendar repeats itself after 400 years.
constexpr std::int64_t kYearsPerCycle = 400;
constexpr std::int64_t kDaysPerCycle = 146'097;

constexpr std::int64_t floor_divide(std::int64_t number, std::int64_t divisor) noexcept {
  return number / divisor - (number % divisor < 0 ? 1 : 0);
}

// What floor_divide() leaves; never a product, which could underflow at the lowest numbers.
constexpr std::int64_t floor_remainder(std::int64_t number, std::int64_t divisor) noexcept {
  const auto remainder = number % divisor;
  return remainder < 0 ? remainder + divisor : remainder;
}

}  // namespace

std::optional<std::int64_t> days_from_civil(const CivilDay& civil) noexcept {
  const auto cycle = floor_divide(civil.year, kYearsPerCycle);
  const std::chrono::year_month_day within_cycle{
      std::chrono::year{static_cast<int>(floor_remainder(civil.year, kYearsPerCycle))},
      std::chrono::month{civil.month}, std::chrono::day{civil.day}};
  if (!within_cycle.ok()) {
    return std::nullopt;
  }
  const std::chrono::sys_days days{within_cycle};
  return days.time_since_epoch().count() + cycle * kDaysPerCycle;
}

CivilDay civil_from_days(std::int64_t days) noexcept {
  const auto cycle = floor_divide(days, kDaysPerCycle);
  const std::chrono::year_month_day within_cycle{
      std::chrono::sys_days{std::chrono::days{floor_remainder(days, kDaysPerCycle)}}};
  return {static_cast<int>(within_cycle.year()) + cycle * kYearsPerCycle,
          static_cast<unsigned>(within_cycle.month()), static_cast<unsigned>(within_cycle.day())};
}

DayAndTime split(Ticks since_epoch) noexcept {
  return {floor_divide(since_epoch.count(), kTicksPerDay.count()),
          Ticks{floor_remainder(since_epoch.count(), kTicksPerDay.count())}};
}

std::optional<Ticks> join(const DayAndTime& moment) noexcept {
  // Counted from the midnight that is nearer to 1970, lest the days alone overflow.
  const bool is_before_epoch = moment.days < 0;
  const auto days = is_before_epoch ? moment.days + 1 : moment.days;
  const auto time = is_before_epoch ? moment.time - kTicksPerDay : moment.time;
  std::int64_t count = 0;
  if (__builtin_mul_overflow(days, kTicksPerDay.count(), &count) ||
      __builtin_add_overflow(count, time.count(), &count)) {
    return std::nullopt;
  }
  const Ticks ticks{count};
  if (ticks == Ticks::max() || ticks == Ticks::min()) {
    return std::nullopt;
  }
  return ticks;
}

}  // namespace flowdb::core
