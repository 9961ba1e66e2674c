#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "core/types/date_time_text.hpp"

namespace flowdb {

Date::Date(std::chrono::year_month_day day) {
  if (!day.ok()) {
    throw InvalidArgument("the calendar has no such day: check year_month_day::ok() first");
  }
  days_ = std::chrono::sys_days{day}.time_since_epoch().count();
}

Date Date::parse(std::string_view text) {
  if (text == "infinity") {
    return infinity();
  }
  if (text == "-infinity") {
    return negative_infinity();
  }
  core::TextCursor cursor{text};
  if (const auto written = core::scan_day(cursor)) {
    const bool is_bc = core::scan_is_bc(cursor);
    const auto days = core::resolve_day(*written, is_bc);
    if (days && cursor.at_end()) {
      return Date{*days};
    }
  }
  throw InvalidArgument(
      "the text is not a date of the calendar: expected the form 2024-01-15, 0044-03-15 BC, "
      "infinity or -infinity");
}

std::chrono::sys_days Date::to_sys_days() const {
  if (!is_finite()) {
    throw InvalidArgument("an infinite date is no day of the calendar: ask is_finite() first");
  }
  return std::chrono::sys_days{std::chrono::days{days_}};
}

std::chrono::year_month_day Date::to_year_month_day() const {
  const auto day = to_sys_days();
  const auto year = core::civil_from_days(days_).year;
  if (year < int{std::chrono::year::min()} || year > int{std::chrono::year::max()}) {
    throw InvalidArgument(
        "the date is beyond the years of std::chrono::year, -32767 to 32767: use to_sys_days()");
  }
  return day;
}

std::string Date::to_string() const {
  if (!is_finite()) {
    return days_ == kInfinity ? "infinity" : "-infinity";
  }
  const auto day = core::civil_from_days(days_);
  std::string text;
  core::append_day(text, day);
  core::append_era(text, day);
  return text;
}

}  // namespace flowdb
