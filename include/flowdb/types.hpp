#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// The types of database values that C++ has no type for. Plain values: no thread-safety of their
/// own, cheap to copy. Every parse() and from_…() throws InvalidArgument for text that is not such
/// a value, without repeating the text.

namespace flowdb {
inline namespace v0_1 {

/// 100 nanoseconds: the resolution of SQL Server's DATETIME2(7); PostgreSQL's microseconds fit.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

/// An exact decimal of up to 131,072 digits before the point and 16,383 behind it, PostgreSQL's own
/// bounds; also NaN and the infinities that its numeric knows. Kept as its text, so that no digit
/// and no trailing zero is lost; equality and order are numerical (`1.50 == 1.5`; NaN equals itself
/// and is greater than all, as in PostgreSQL).
class Decimal {
 public:
  Decimal() : text_("0") {}
  Decimal(std::int64_t value);  // NOLINT: an integer is a decimal
  /// `-12.50`, `.5`, `1e-7` (to_string() then writes it out), `NaN`, `Infinity`, `-Infinity`.
  explicit Decimal(std::string_view text);

  /// `unscaled` × 10^-scale: from_scaled(1050, 2) is 10.50. `scale` is 0 … 1000.
  static Decimal from_scaled(std::int64_t unscaled, int scale);
  /// The reverse, exact: Decimal{"10.5"}.to_scaled(2) is 1050.
  /// \throws InvalidArgument when digits would be lost or the number does not fit.
  std::int64_t to_scaled(int scale) const;
  /// The nearest double; an infinity beyond the largest.
  double to_double() const;

  const std::string& to_string() const noexcept { return text_; }
  bool is_finite() const noexcept;

  bool operator==(const Decimal& other) const;
  std::weak_ordering operator<=>(const Decimal& other) const;

 private:
  std::string text_;
};

/// A calendar day of the proleptic Gregorian calendar, or PostgreSQL's infinity / -infinity.
class Date {
 public:
  Date() = default;
  /// \throws InvalidArgument for a day that the calendar does not have (2024-02-30).
  Date(std::chrono::year_month_day day);  // NOLINT: the same thing
  Date(std::chrono::sys_days day) : days_(day.time_since_epoch().count()) {}  // NOLINT
  static Date infinity() noexcept { return Date{kInfinity}; }
  static Date negative_infinity() noexcept { return Date{kNegativeInfinity}; }
  static Date parse(std::string_view text);  ///< `2024-01-15`, `0044-03-15 BC`, `infinity`

  bool is_finite() const noexcept { return days_ != kInfinity && days_ != kNegativeInfinity; }
  /// \throws InvalidArgument for an infinity.
  std::chrono::sys_days to_sys_days() const;
  /// \throws InvalidArgument for an infinity, and beyond std::chrono::year's ±32767.
  std::chrono::year_month_day to_year_month_day() const;
  std::string to_string() const;

  friend auto operator<=>(const Date&, const Date&) = default;

 private:
  static constexpr std::int64_t kInfinity = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kNegativeInfinity = std::numeric_limits<std::int64_t>::min();
  explicit Date(std::int64_t days) : days_(days) {}
  std::int64_t days_ = 0;  // since 1970-01-01
};

/// A time of day without a zone, 00:00:00 to 24:00:00.
struct TimeOfDay {
  Ticks since_midnight{0};

  static TimeOfDay parse(std::string_view text);  ///< `10:30:00`, `10:30:00.123456`
  /// With as many fraction digits as needed.
  /// \throws InvalidArgument outside of 00:00:00 to 24:00:00.
  std::string to_string() const;
  friend auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};

/// A date and time of day without a zone: what a clock on a wall shows. Reaches from
/// 27258 BC to the year 31196; PostgreSQL's infinities are its two ends.
struct Timestamp {
  Ticks since_epoch{0};  ///< since 1970-01-01 00:00:00 of the same wall clock

  static Timestamp from(Date day, TimeOfDay time = {});
  static Timestamp infinity() noexcept { return {Ticks::max()}; }
  static Timestamp negative_infinity() noexcept { return {Ticks::min()}; }
  static Timestamp parse(std::string_view text);  ///< `2024-01-15 10:30:00.5`, `T` is accepted
  bool is_finite() const noexcept;
  std::string to_string() const;  ///< `2024-01-15 10:30:00.5`
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// An instant. `offset` is the zone it was written in, where the server keeps that (SQL Server's
/// DATETIMEOFFSET); PostgreSQL does not, so it is 0 there. Equality and order look at the instant.
struct TimestampTz {
  Ticks since_epoch{0};  ///< since 1970-01-01 00:00:00 UTC
  std::chrono::minutes offset{0};

  static TimestampTz from(std::chrono::system_clock::time_point time);  ///< rounded down to ticks
  static TimestampTz infinity() noexcept { return {Ticks::max(), {}}; }
  static TimestampTz negative_infinity() noexcept { return {Ticks::min(), {}}; }
  /// `2024-01-15 10:30:00+00`, `…+05:30`, `…Z`; a missing zone is an error. Seconds of an offset
  /// (`+05:53:28`) count for the instant, and are dropped from `offset`.
  static TimestampTz parse(std::string_view text);
  bool is_finite() const noexcept;
  /// \throws InvalidArgument for an infinity, or beyond what the system clock can hold.
  std::chrono::system_clock::time_point to_time_point() const;
  /// `2024-01-15 10:30:00.5+00:00`
  /// \throws InvalidArgument for an offset of 16 hours or more.
  std::string to_string() const;
  friend auto operator<=>(const TimestampTz& a, const TimestampTz& b) {
    return a.since_epoch <=> b.since_epoch;
  }
  friend bool operator==(const TimestampTz& a, const TimestampTz& b) {
    return a.since_epoch == b.since_epoch;
  }
};

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};  ///< in the order in which they are written

  static Uuid parse(std::string_view text);  ///< with hyphens, any case, braces allowed
  std::string to_string() const;             ///< lower case with hyphens
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// A JSON document as text, bound with the server's JSON type where it has one.
struct Json {
  std::string text;

  Json() = default;
  explicit Json(std::string document) : text(std::move(document)) {}
  /// \throws InvalidArgument for a string that is not UTF-8, and a discarded document.
  /// A template, so that a text is never taken for a document of nlohmann's: those two look alike.
  template <std::same_as<nlohmann::json> T>
  Json(const T& document) : text(dump(document)) {}  // NOLINT: the same thing
  friend bool operator==(const Json&, const Json&) = default;

 private:
  static std::string dump(const nlohmann::json& document);
};

using Bytes = std::vector<std::byte>;

}  // namespace v0_1
}  // namespace flowdb
