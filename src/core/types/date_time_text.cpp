#include "core/types/date_time_text.hpp"

#include <string_view>

namespace flowdb::core {
namespace {

constexpr std::size_t kFractionDigits = 7;  // of a second: ticks are 100 ns

// The digits behind the point as ticks; nullopt for none or for more than a tick can show.
std::optional<Ticks> scan_fraction(TextCursor& cursor) {
  const auto digits = cursor.digits();
  if (digits.empty() || digits.size() > kFractionDigits) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  for (std::size_t i = 0; i < kFractionDigits; ++i) {
    count = count * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  }
  return Ticks{count};
}

// `:` and two digits below 60; the cursor is anywhere behind nullopt.
std::optional<std::int64_t> scan_sixtieth(TextCursor& cursor) {
  if (!cursor.accept(':')) {
    return std::nullopt;
  }
  const auto number = cursor.number(2, 2);
  return number && *number < 60 ? number : std::nullopt;
}

}  // namespace

std::optional<CivilDay> scan_day(TextCursor& cursor) {
  const auto year = cursor.number(4, 9);
  if (!year || !cursor.accept('-')) {
    return std::nullopt;
  }
  const auto month = cursor.number(2, 2);
  if (!month || !cursor.accept('-')) {
    return std::nullopt;
  }
  const auto day = cursor.number(2, 2);
  if (!day) {
    return std::nullopt;
  }
  return CivilDay{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
}

bool scan_is_bc(TextCursor& cursor) {
  return cursor.accept(std::string_view{" BC"});
}

std::optional<std::int64_t> resolve_day(CivilDay written, bool is_bc) {
  if (written.year == 0) {
    return std::nullopt;
  }
  if (is_bc) {
    written.year = 1 - written.year;
  }
  return days_from_civil(written);
}

std::optional<Ticks> scan_time(TextCursor& cursor) {
  const auto hours = cursor.number(2, 2);
  const auto minutes = hours ? scan_sixtieth(cursor) : std::nullopt;
  const auto seconds = minutes ? scan_sixtieth(cursor) : std::nullopt;
  if (!seconds) {
    return std::nullopt;
  }
  Ticks time =
      std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds};
  if (cursor.accept('.')) {
    const auto fraction = scan_fraction(cursor);
    if (!fraction) {
      return std::nullopt;
    }
    time += *fraction;
  }
  return time <= kTicksPerDay ? std::optional{time} : std::nullopt;
}

std::optional<std::chrono::seconds> scan_offset(TextCursor& cursor) {
  if (cursor.accept('Z')) {
    return std::chrono::seconds{0};
  }
  const bool is_west = cursor.accept('-');
  if (!is_west && !cursor.accept('+')) {
    return std::nullopt;
  }
  const auto hours = cursor.number(2, 2);
  if (!hours || *hours > 15) {
    return std::nullopt;
  }
  // Minutes and seconds may be missing; a colon that is left over ends in an error, as nothing that
  // may follow an offset begins with one.
  const auto scan_optional = [&cursor] {
    TextCursor ahead = cursor;
    const auto number = scan_sixtieth(ahead);
    cursor = number ? ahead : cursor;
    return number.value_or(0);
  };
  const std::chrono::minutes minutes{scan_optional()};
  const std::chrono::seconds seconds{scan_optional()};
  const auto offset = std::chrono::hours{*hours} + minutes + seconds;
  return is_west ? -offset : offset;
}

void append_padded(std::string& text, std::int64_t number, std::size_t width) {
  const auto digits = std::to_string(number);
  text.append(width > digits.size() ? width - digits.size() : 0, '0');
  text += digits;
}

void append_day(std::string& text, const CivilDay& day) {
  append_padded(text, day.year > 0 ? day.year : 1 - day.year, 4);
  text += '-';
  append_padded(text, day.month, 2);
  text += '-';
  append_padded(text, day.day, 2);
}

void append_era(std::string& text, const CivilDay& day) {
  if (day.year <= 0) {
    text += " BC";
  }
}

void append_time(std::string& text, Ticks since_midnight) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_midnight);
  append_padded(text, seconds.count() / 3600, 2);
  text += ':';
  append_padded(text, seconds.count() / 60 % 60, 2);
  text += ':';
  append_padded(text, seconds.count() % 60, 2);
  const Ticks fraction = since_midnight - seconds;
  if (fraction != Ticks::zero()) {
    text += '.';
    append_padded(text, fraction.count(), kFractionDigits);
    text.erase(text.find_last_not_of('0') + 1);
  }
}

}  // namespace flowdb::core
