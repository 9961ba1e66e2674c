#include <optional>

#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "core/types/date_time_text.hpp"

namespace flowdb {
namespace {

[[noreturn]] void throw_beyond_ticks() {
  throw InvalidArgument(
      "the timestamp is beyond what flowdb::Timestamp can hold, the years 27258 BC to 31196: read "
      "it as text");
}

// nullopt unless the text has the form of a finite timestamp.
std::optional<core::DayAndTime> scan_timestamp(std::string_view text) {
  core::TextCursor cursor{text};
  const auto written = core::scan_day(cursor);
  if (!written || (!cursor.accept(' ') && !cursor.accept('T'))) {
    return std::nullopt;
  }
  const auto time = core::scan_time(cursor);
  const bool is_bc = core::scan_is_bc(cursor);
  const auto days = core::resolve_day(*written, is_bc);
  if (!time || !days || !cursor.at_end()) {
    return std::nullopt;
  }
  return core::DayAndTime{*days, *time};
}

}  // namespace

Timestamp Timestamp::from(Date day, TimeOfDay time) {
  if (!day.is_finite()) {
    return day == Date::infinity() ? infinity() : negative_infinity();
  }
  if (time.since_midnight < Ticks::zero() || time.since_midnight > core::kTicksPerDay) {
    throw InvalidArgument("a time of day is from 00:00:00 to 24:00:00");
  }
  const auto days = day.to_sys_days().time_since_epoch().count();
  const auto ticks = core::join({days, time.since_midnight});
  if (!ticks) {
    throw_beyond_ticks();
  }
  return {*ticks};
}

Timestamp Timestamp::parse(std::string_view text) {
  if (text == "infinity") {
    return infinity();
  }
  if (text == "-infinity") {
    return negative_infinity();
  }
  const auto moment = scan_timestamp(text);
  if (!moment) {
    throw InvalidArgument(
        "the text is not a timestamp of the calendar: expected the form 2024-01-15 10:30:00.5, "
        "without a zone, or infinity or -infinity");
  }
  const auto ticks = core::join(*moment);
  if (!ticks) {
    throw_beyond_ticks();
  }
  return {*ticks};
}

bool Timestamp::is_finite() const noexcept {
  return since_epoch != Ticks::max() && since_epoch != Ticks::min();
}

std::string Timestamp::to_string() const {
  if (!is_finite()) {
    return since_epoch == Ticks::max() ? "infinity" : "-infinity";
  }
  const auto moment = core::split(since_epoch);
  const auto day = core::civil_from_days(moment.days);
  std::string text;
  core::append_day(text, day);
  text += ' ';
  core::append_time(text, moment.time);
  core::append_era(text, day);
  return text;
}

}  // namespace flowdb
