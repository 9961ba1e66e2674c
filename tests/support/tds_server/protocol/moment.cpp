#include "support/tds_server/protocol/moment.hpp"

#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace flowdb::tds_server {
namespace {

[[noreturn]] void refuse() {
  throw std::out_of_range("a date or time that SQL Server cannot hold");
}

/// Takes digits from the front of `text`; at least one.
std::int64_t take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || value < 0) refuse();
  text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// Howard Hinnant's days_from_civil, counted from 0001-01-01.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month <= 2) --year;
  const std::int64_t era = year / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 306;
}

std::int64_t take_fraction(std::string_view& text) {
  std::int64_t ticks = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits++ < 7) ticks = ticks * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  for (; digits < 7; ++digits) ticks *= 10;
  return ticks;
}

int take_offset(std::string_view& text) {
  const bool west = text.front() == '-';
  text.remove_prefix(1);
  const std::int64_t hours = take_number(text);
  const std::int64_t minutes = take(text, ':') ? take_number(text) : 0;
  const std::int64_t offset = hours * 60 + minutes;
  return static_cast<int>(west ? -offset : offset);
}

}  // namespace

Moment parse_moment(std::string_view text) {
  Moment moment;
  std::int64_t first = take_number(text);
  if (take(text, '-')) {
    const std::int64_t month = take_number(text);
    if (!take(text, '-')) refuse();
    const std::int64_t day = take_number(text);
    if (first < 1 || first > 9999) refuse();
    moment.days = days_of(first, month, day);
    if (!take(text, ' ')) {
      if (!text.empty()) refuse();
      return moment;
    }
    if (text == "BC") refuse();
    first = take_number(text);
  }
  if (!take(text, ':')) refuse();
  const std::int64_t minutes = take_number(text);
  if (!take(text, ':')) refuse();
  const std::int64_t seconds = take_number(text);
  moment.ticks = ((first * 60 + minutes) * 60 + seconds) * kTicksPerSecond;
  if (take(text, '.')) moment.ticks += take_fraction(text);
  take(text, ' ');
  if (!text.empty() && (text.front() == '+' || text.front() == '-'))
    moment.offset = take_offset(text);
  if (!text.empty()) refuse();
  return moment;
}

std::string date_text(const Moment& moment) {
  // civil_from_days, from the same source.
  const std::int64_t shifted_days = moment.days + 306;
  const std::int64_t era = shifted_days / 146'097;
  const std::int64_t day_of_era = shifted_days % 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const auto month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  const auto year = static_cast<int>(era * 400 + year_of_era + (month <= 2 ? 1 : 0));
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
  return text;
}

std::string time_text(const Moment& moment) {
  const std::int64_t seconds = moment.ticks / kTicksPerSecond;
  char text[80];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%07d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                static_cast<int>(moment.ticks % kTicksPerSecond));
  return text;
}

std::string offset_text(const Moment& moment) {
  const int distance = moment.offset < 0 ? -moment.offset : moment.offset;
  char text[40];
  std::snprintf(text, sizeof text, "%c%02d:%02d", moment.offset < 0 ? '-' : '+', distance / 60,
                distance % 60);
  return text;
}

Moment shifted(const Moment& moment, int minutes) {
  Moment result = moment;
  result.ticks += minutes * kTicksPerMinute;
  if (result.ticks < 0) {
    result.ticks += kTicksPerDay;
    --result.days;
  } else if (result.ticks >= kTicksPerDay) {
    result.ticks -= kTicksPerDay;
    ++result.days;
  }
  return result;
}

}  // namespace flowdb::tds_server
