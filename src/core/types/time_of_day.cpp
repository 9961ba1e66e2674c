#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "core/types/date_time_text.hpp"

namespace flowdb {

TimeOfDay TimeOfDay::parse(std::string_view text) {
  core::TextCursor cursor{text};
  const auto time = core::scan_time(cursor);
  if (!time || !cursor.at_end()) {
    throw InvalidArgument(
        "the text is not a time of day: expected the form 10:30:00 or 10:30:00.1234567, from "
        "00:00:00 to 24:00:00");
  }
  return {*time};
}

std::string TimeOfDay::to_string() const {
  if (since_midnight < Ticks::zero() || since_midnight > core::kTicksPerDay) {
    throw InvalidArgument("a time of day is from 00:00:00 to 24:00:00");
  }
  std::string text;
  core::append_time(text, since_midnight);
  return text;
}

}  // namespace flowdb
