#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <flowdb/types.hpp>

#include "core/types/calendar.hpp"
#include "core/types/text_cursor.hpp"

/// The pieces of PostgreSQL's ISO form of dates and times. Each scan_…() leaves the cursor behind
/// its piece, or gives nullopt.

namespace flowdb::core {

/// `2024-01-15`, with four to nine digits for the year, which is still the one written: without an
/// era. Whether the calendar has that day only resolve_day() knows.
std::optional<CivilDay> scan_day(TextCursor& cursor);
/// ` BC`, or nothing.
bool scan_is_bc(TextCursor& cursor);
/// Days since 1970-01-01; nullopt for a year 0 and for a day that the calendar does not have.
std::optional<std::int64_t> resolve_day(CivilDay written, bool is_bc);
/// `10:30:00`, `10:30:00.1234567`; to 24:00:00.
std::optional<Ticks> scan_time(TextCursor& cursor);
/// `Z`, `+05`, `-05:30`, `+05:53:28`, to 15:59:59.
std::optional<std::chrono::seconds> scan_offset(TextCursor& cursor);

/// Appends the day without its era, which append_era() puts behind time and zone.
void append_day(std::string& text, const CivilDay& day);
/// ` BC` for the years before 1.
void append_era(std::string& text, const CivilDay& day);
/// With as many fraction digits as needed.
void append_time(std::string& text, Ticks since_midnight);
/// Appends a number with leading zeros up to `width` digits.
void append_padded(std::string& text, std::int64_t number, std::size_t width);

}  // namespace flowdb::core
