#include "backend/sqlserver/parameter.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <variant>

#include <flowdb/error.hpp>

#include "backend/sqlserver/utf16.hpp"
#include "core/utf8.hpp"

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::size_t kLongestText = 4000;   // of NVARCHAR(n), in UTF-16
constexpr std::size_t kLongestBytes = 8000;  // of VARBINARY(n)
constexpr std::size_t kLongestDecimal = 38;  // digits
constexpr SQLULEN kTimeTextSize = 40;

[[noreturn]] void refuse(const std::string& what) {
  throw InvalidArgument(what);
}

bool is_year_in_range(Ticks since_epoch) {
  // 0001-01-01 00:00:00 and 9999-12-31 23:59:59.9999999
  using std::chrono::sys_days;
  using namespace std::chrono_literals;
  constexpr Ticks kFirst = sys_days{std::chrono::year{1} / 1 / 1}.time_since_epoch();
  constexpr Ticks kLast = sys_days{std::chrono::year{10'000} / 1 / 1}.time_since_epoch();
  return since_epoch >= kFirst && since_epoch < kLast;
}

void check_range(bool is_in_range) {
  if (!is_in_range) {
    refuse(
        "a date or time to be bound is infinite or outside of the years 1 to 9999, which SQL "
        "Server cannot hold");
  }
}

}  // namespace

struct ParameterWriter {
  Parameter& parameter;
  DriverFamily family;

  void set(SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN size, const void* data,
           std::size_t length, SQLSMALLINT digits = 0) {
    parameter.type_ = {c_type, sql_type, size, digits};
    parameter.data_ = data;
    parameter.length_ = static_cast<SQLLEN>(length);
  }
  template <class T>
  void set_fixed(SQLSMALLINT c_type, SQLSMALLINT sql_type, const T& value) {
    static_assert(sizeof(T) <= sizeof(parameter.fixed_));
    std::memcpy(parameter.fixed_.data(), &value, sizeof(T));
    set(c_type, sql_type, 0, parameter.fixed_.data(), sizeof(T));
  }
  void set_wide(std::string_view text) {
    if (!utf8::is_valid(text)) {
      refuse(
          "a text to be bound is not valid UTF-8: bind flowdb::Bytes to a binary column instead");
    }
    parameter.wide_.clear();
    append_utf16(parameter.wide_, text);
    const bool is_max = parameter.wide_.size() > kLongestText;
    // FreeTDS declares its long type as NVARCHAR(MAX), Microsoft's drivers the short one of size 0.
    const bool is_long_type = is_max && family == DriverFamily::freetds;
    set(SQL_C_WCHAR, is_long_type ? SQL_WLONGVARCHAR : SQL_WVARCHAR, is_max ? 0 : kLongestText,
        parameter.wide_.data(), parameter.wide_.size() * sizeof(char16_t));
  }
  void set_narrow(std::string text, SQLSMALLINT sql_type, SQLULEN size, SQLSMALLINT digits = 0) {
    parameter.narrow_ = std::move(text);
    set(SQL_C_CHAR, sql_type, size, parameter.narrow_.data(), parameter.narrow_.size(), digits);
  }

  void operator()(std::monostate) {
    set(SQL_C_WCHAR, SQL_WVARCHAR, 1, nullptr, 0);
    parameter.length_ = SQL_NULL_DATA;
  }
  void operator()(bool flag) { set_fixed(SQL_C_BIT, SQL_BIT, static_cast<SQLCHAR>(flag ? 1 : 0)); }
  void operator()(std::int64_t number) {
    if (std::in_range<std::int32_t>(number)) {
      set_fixed(SQL_C_SLONG, SQL_INTEGER, static_cast<SQLINTEGER>(number));
    } else {
      set_fixed(SQL_C_SBIGINT, SQL_BIGINT, static_cast<SQLBIGINT>(number));
    }
  }
  void operator()(double number) {
    if (!std::isfinite(number)) {
      refuse("NaN or an infinity is to be bound, which SQL Server's FLOAT cannot hold");
    }
    set_fixed(SQL_C_DOUBLE, SQL_DOUBLE, number);
  }
  void operator()(const Decimal& number) {
    if (!number.is_finite()) {
      refuse("NaN or an infinity is to be bound, which SQL Server's DECIMAL cannot hold");
    }
    const auto& text = number.to_string();
    const auto point = text.find('.');
    const auto scale = point == std::string::npos ? 0 : text.size() - point - 1;
    auto digits = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
    if (text.find("0.") == (text.front() == '-' ? 1U : 0U)) {
      --digits;  // the zero before the point is none
    }
    if (digits > kLongestDecimal) {
      refuse("a decimal of " + std::to_string(digits) +
             " digits is to be bound, SQL Server's DECIMAL holds 38");
    }
    set_narrow(text, SQL_DECIMAL, std::max<SQLULEN>(digits, 1), static_cast<SQLSMALLINT>(scale));
  }
  void operator()(const std::string& text) { set_wide(text); }
  void operator()(const Json& document) { set_wide(document.text); }
  void operator()(const Bytes& bytes) {
    const bool is_max = bytes.size() > kLongestBytes;
    const bool is_long_type = is_max && family == DriverFamily::freetds;
    static constexpr char kEmpty = '\0';
    set(SQL_C_BINARY, is_long_type ? SQL_LONGVARBINARY : SQL_VARBINARY, is_max ? 0 : kLongestBytes,
        bytes.empty() ? static_cast<const void*>(&kEmpty) : bytes.data(), bytes.size());
  }
  void operator()(const Date& day) {
    check_range(day.is_finite() && is_year_in_range(Ticks{day.to_sys_days().time_since_epoch()}));
    set_narrow(day.to_string(), SQL_VARCHAR, kTimeTextSize);
  }
  void operator()(const TimeOfDay& time) {
    set_narrow(time.to_string(), SQL_VARCHAR, kTimeTextSize);
  }
  void operator()(const Timestamp& time) {
    check_range(time.is_finite() && is_year_in_range(time.since_epoch));
    set_narrow(time.to_string(), SQL_VARCHAR, kTimeTextSize);
  }
  void operator()(const TimestampTz& time) {
    check_range(time.is_finite() && is_year_in_range(time.since_epoch) &&
                is_year_in_range(time.since_epoch + time.offset));
    set_narrow(time.to_string(), SQL_VARCHAR, kTimeTextSize);
  }
  void operator()(const Uuid& id) {
    const auto& bytes = id.bytes;
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
    SQLGUID guid{};
    guid.Data1 = at(0) << 24U | at(1) << 16U | at(2) << 8U | at(3);
    guid.Data2 = static_cast<unsigned short>(at(4) << 8U | at(5));
    guid.Data3 = static_cast<unsigned short>(at(6) << 8U | at(7));
    std::copy(bytes.begin() + 8, bytes.end(), guid.Data4);
    set_fixed(SQL_C_GUID, SQL_GUID, guid);
  }
  void operator()(const Array&) {
    refuse("a list is to be bound, but SQL Server has no arrays: a list stands in IN (:name) only");
  }
};

void Parameter::assign(const Value& value, DriverFamily family) {
  std::visit(ParameterWriter{*this, family}, value.data());
}

SQLRETURN Parameter::bind(SQLHSTMT statement, SQLUSMALLINT number) {
  return SQLBindParameter(statement, number, SQL_PARAM_INPUT, type_.c_type, type_.sql_type,
                          type_.size, type_.digits, const_cast<void*>(data_),
                          std::max<SQLLEN>(length_, 0), &length_);
}

std::string_view parameter_cast(const Value& value) noexcept {
  const auto& data = value.data();
  if (std::holds_alternative<Date>(data)) {
    return "date";
  }
  if (std::holds_alternative<TimeOfDay>(data)) {
    return "time(7)";
  }
  if (std::holds_alternative<Timestamp>(data)) {
    return "datetime2(7)";
  }
  if (std::holds_alternative<TimestampTz>(data)) {
    return "datetimeoffset(7)";
  }
  return {};
}

}  // namespace flowdb::backend::sqlserver
