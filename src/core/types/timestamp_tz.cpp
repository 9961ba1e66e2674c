#include <optional>

#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "core/types/date_time_text.hpp"

namespace flowdb {
namespace {

constexpr std::chrono::minutes kOffsetLimit = std::chrono::hours{16};

// A wall clock's moment and how far that clock is ahead of UTC.
struct ZonedMoment {
  core::DayAndTime local;
  std::chrono::seconds offset{0};
};

// nullopt unless the text has the form of a finite timestamp with a zone.
std::optional<ZonedMoment> scan_timestamp_tz(std::string_view text) {
  core::TextCursor cursor{text};
  const auto written = core::scan_day(cursor);
  if (!written || (!cursor.accept(' ') && !cursor.accept('T'))) {
    return std::nullopt;
  }
  const auto time = core::scan_time(cursor);
  const auto offset = time ? core::scan_offset(cursor) : std::nullopt;
  const bool is_bc = core::scan_is_bc(cursor);
  const auto days = core::resolve_day(*written, is_bc);
  if (!offset || !days || !cursor.at_end()) {
    return std::nullopt;
  }
  return ZonedMoment{{*days, *time}, *offset};
}

void append_offset(std::string& text, std::chrono::minutes offset) {
  text += offset < std::chrono::minutes::zero() ? '-' : '+';
  const auto minutes = std::chrono::abs(offset).count();
  core::append_padded(text, minutes / 60, 2);
  text += ':';
  core::append_padded(text, minutes % 60, 2);
}

}  // namespace

TimestampTz TimestampTz::from(std::chrono::system_clock::time_point time) {
  return {std::chrono::floor<Ticks>(time.time_since_epoch()), {}};
}

TimestampTz TimestampTz::parse(std::string_view text) {
  if (text == "infinity") {
    return infinity();
  }
  if (text == "-infinity") {
    return negative_infinity();
  }
  const auto moment = scan_timestamp_tz(text);
  if (!moment) {
    throw InvalidArgument(
        "the text is not a timestamp with a time zone: expected the form 2024-01-15 "
        "10:30:00.5+00:00 with a day of the calendar, or infinity or -infinity");
  }
  const auto ticks = core::join({moment->local.days, moment->local.time - moment->offset});
  if (!ticks) {
    throw InvalidArgument(
        "the timestamp is beyond what flowdb::TimestampTz can hold, the years 27258 BC to 31196: "
        "read it as text");
  }
  return {*ticks, std::chrono::duration_cast<std::chrono::minutes>(moment->offset)};
}

bool TimestampTz::is_finite() const noexcept {
  return since_epoch != Ticks::max() && since_epoch != Ticks::min();
}

std::chrono::system_clock::time_point TimestampTz::to_time_point() const {
  using Clock = std::chrono::system_clock;
  if (!is_finite()) {
    throw InvalidArgument("an infinite timestamp is no moment: ask is_finite() first");
  }
  constexpr auto kLast = std::chrono::floor<Ticks>(Clock::duration::max());
  constexpr auto kFirst = std::chrono::ceil<Ticks>(Clock::duration::min());
  if (since_epoch < kFirst || since_epoch > kLast) {
    throw InvalidArgument(
        "the timestamp is beyond what std::chrono::system_clock can hold, the years 1678 to 2261: "
        "use since_epoch or to_string()");
  }
  return Clock::time_point{std::chrono::duration_cast<Clock::duration>(since_epoch)};
}

std::string TimestampTz::to_string() const {
  if (!is_finite()) {
    return since_epoch == Ticks::max() ? "infinity" : "-infinity";
  }
  if (offset <= -kOffsetLimit || offset >= kOffsetLimit) {
    throw InvalidArgument("the offset of a time zone is less than 16 hours");
  }
  auto moment = core::split(since_epoch);
  moment.time += offset;
  if (moment.time < Ticks::zero()) {
    --moment.days;
    moment.time += core::kTicksPerDay;
  } else if (moment.time >= core::kTicksPerDay) {
    ++moment.days;
    moment.time -= core::kTicksPerDay;
  }
  const auto day = core::civil_from_days(moment.days);
  std::string text;
  core::append_day(text, day);
  text += ' ';
  core::append_time(text, moment.time);
  append_offset(text, offset);
  core::append_era(text, day);
  return text;
}

}  // namespace flowdb
