#include "backend/sqlserver/cell_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "backend/sqlserver/utf16.hpp"

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::size_t kMostNumberBytes = 32;
constexpr std::size_t kMostTimeBytes = 40;
constexpr std::size_t kUuidBytes = 36;
constexpr unsigned kNanosecondsPerTick = 100;
constexpr int kFractionDigits = 7;

template <class T>
T load(const char* value) noexcept {
  T result;
  std::memcpy(&result, value, sizeof(result));
  return result;
}

/// Two digits.
char* put_pair(char* out, unsigned number) noexcept {
  static constexpr auto kPairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
      pairs[2 * i] = static_cast<char>('0' + i / 10);
      pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
  }();
  std::memcpy(out, kPairs.data() + std::size_t{2} * (number % 100), 2);
  return out + 2;
}

char* put_date(char* out, int year, unsigned month, unsigned day) noexcept {
  out = put_pair(out, static_cast<unsigned>(year) / 100);
  out = put_pair(out, static_cast<unsigned>(year) % 100);
  *out++ = '-';
  out = put_pair(out, month);
  *out++ = '-';
  return put_pair(out, day);
}

/// The digits behind a second's point, as many as needed.
char* put_fraction(char* out, unsigned ticks, int digits) noexcept {
  *out++ = '.';
  *out = static_cast<char>('0' + ticks / 1'000'000);
  put_pair(out + 1, ticks / 10'000 % 100);
  put_pair(out + 3, ticks / 100 % 100);
  put_pair(out + 5, ticks % 100);
  out += digits < kFractionDigits ? digits : kFractionDigits;
  while (out[-1] == '0') {
    --out;
  }
  return out[-1] == '.' ? out - 1 : out;
}

/// With as many fraction digits as needed, at most `digits`: DATETIME counts in 300ths of a second,
/// which drivers spell out.
char* put_time(char* out, unsigned hour, unsigned minute, unsigned second, unsigned nanoseconds,
               int digits) noexcept {
  out = put_pair(out, hour);
  *out++ = ':';
  out = put_pair(out, minute);
  *out++ = ':';
  out = put_pair(out, second);
  const unsigned ticks = nanoseconds / kNanosecondsPerTick;
  return ticks == 0 || digits <= 0 ? out : put_fraction(out, ticks, digits);
}

char* put_offset(char* out, int minutes) noexcept {
  *out++ = minutes < 0 ? '-' : '+';
  const auto total = static_cast<unsigned>(minutes < 0 ? -minutes : minutes);
  out = put_pair(out, total / 60);
  if (total % 60 != 0) {
    *out++ = ':';
    out = put_pair(out, total % 60);
  }
  return out;
}

char* put_timestamp(char* out, const SQL_TIMESTAMP_STRUCT& time, int digits) noexcept {
  out = put_date(out, time.year, time.month, time.day);
  *out++ = ' ';
  return put_time(out, time.hour, time.minute, time.second, time.fraction, digits);
}

char* put_timestamp_tz(char* out, const TimestampOffset& time) noexcept {
  out = put_date(out, time.year, time.month, time.day);
  *out++ = ' ';
  out = put_time(out, time.hour, time.minute, time.second, time.fraction, kFractionDigits);
  return put_offset(out, time.offset_hours * 60 + time.offset_minutes);
}

char* put_uuid(char* out, const SQLGUID& id) noexcept {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const auto put_hex = [&out](unsigned long number, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      *out++ = kDigits[number >> static_cast<unsigned>(shift) & 0xFU];
    }
  };
  put_hex(id.Data1, 8);
  *out++ = '-';
  put_hex(id.Data2, 4);
  *out++ = '-';
  put_hex(id.Data3, 4);
  for (std::size_t i = 0; i < sizeof(id.Data4); ++i) {
    if (i == 0 || i == 2) {
      *out++ = '-';
    }
    put_hex(id.Data4[i], 2);
  }
  return out;
}

/// A decimal as drivers write it may lack its first zero: `-.50`.
char* put_decimal(char* out, std::string_view digits) noexcept {
  if (!digits.empty() && digits.front() == '-') {
    *out++ = '-';
    digits.remove_prefix(1);
  }
  if (!digits.empty() && digits.front() == '.') {
    *out++ = '0';
  }
  std::memcpy(out, digits.data(), digits.size());
  return out + digits.size();
}

/// Written from its last digits to its first, and copied as a whole: kMostNumberBytes may be
/// written.
char* put_integer(char* out, SQLBIGINT number) noexcept {
  constexpr std::size_t kMostDigits = 20;
  std::array<char, 2 * kMostDigits> digits{};
  char* const end = digits.data() + kMostDigits;
  char* begin = end;
  auto rest = static_cast<std::uint64_t>(number);
  if (number < 0) {
    *out++ = '-';
    rest = 0 - rest;
  }
  while (rest >= 100) {
    begin -= 2;
    put_pair(begin, static_cast<unsigned>(rest % 100));
    rest /= 100;
  }
  if (rest >= 10) {
    begin -= 2;
    put_pair(begin, static_cast<unsigned>(rest));
  } else {
    *--begin = static_cast<char>('0' + rest);
  }
  std::memcpy(out, begin, kMostDigits);
  return out + (end - begin);
}

/// The shortest text that reads back as the same number, as PostgreSQL writes it.
template <class Number>
char* put_floating(char* out, Number number) noexcept {
  return std::to_chars(out, out + kMostNumberBytes, number).ptr;
}

}  // namespace

std::size_t most_cell_bytes(CellForm form, std::size_t bytes) noexcept {
  switch (form) {
    case CellForm::text:
      return most_utf8(bytes / sizeof(char16_t));
    case CellForm::bytes:
      return bytes;
    case CellForm::decimal:
      return bytes + 1;
    case CellForm::bit:
      return 1;
    case CellForm::integer:
    case CellForm::float32:
    case CellForm::float64:
      return kMostNumberBytes;
    case CellForm::uuid:
      return kUuidBytes;
    case CellForm::date:
    case CellForm::time:
    case CellForm::timestamp:
    case CellForm::timestamp_tz:
      break;
  }
  return kMostTimeBytes;
}

char* write_cell(const ColumnPlan& plan, const char* value, std::size_t bytes, char* out) noexcept {
  switch (plan.form) {
    case CellForm::text:
      return write_utf8(reinterpret_cast<const char16_t*>(value), bytes / sizeof(char16_t), out);
    case CellForm::bytes:
      std::memcpy(out, value, bytes);
      return out + bytes;
    case CellForm::bit:
      *out = *value != 0 ? 't' : 'f';
      return out + 1;
    case CellForm::integer:
      return put_integer(out, load<SQLBIGINT>(value));
    case CellForm::float32:
      return put_floating(out, load<SQLREAL>(value));
    case CellForm::float64:
      return put_floating(out, load<SQLDOUBLE>(value));
    case CellForm::decimal:
      return put_decimal(out, {value, bytes});
    case CellForm::date: {
      const auto date = load<SQL_DATE_STRUCT>(value);
      return put_date(out, date.year, date.month, date.day);
    }
    case CellForm::time: {
      const auto time = load<Time2>(value);
      return put_time(out, time.hour, time.minute, time.second, time.fraction, kFractionDigits);
    }
    case CellForm::timestamp:
      return put_timestamp(out, load<SQL_TIMESTAMP_STRUCT>(value), plan.fraction_digits);
    case CellForm::timestamp_tz:
      return put_timestamp_tz(out, load<TimestampOffset>(value));
    case CellForm::uuid:
      return put_uuid(out, load<SQLGUID>(value));
  }
  return out;
}

}  // namespace flowdb::backend::sqlserver
