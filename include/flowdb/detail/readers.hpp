#pragma once

// The types that Cell::as<T>() reads; included by result_set.hpp.

#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include <flowdb/result_set.hpp>

namespace flowdb {
inline namespace v0_1 {

/// Lets the readers see how a value is kept, and make the cells of an array's elements. Not for
/// users.
class CellAccess {
 public:
  /// A cell in text form.
  static Cell make(const Column& column, std::string_view text, bool is_null) {
    return Cell{column, text, is_null, result::Encoding{}};
  }
  static std::string_view raw(const Cell& cell) noexcept { return cell.raw_; }
  static result::Encoding encoding(const Cell& cell) noexcept { return cell.encoding_; }
};

}  // namespace v0_1
}  // namespace flowdb

namespace flowdb::result {

bool read_bool(const Cell& cell);
std::int64_t read_int64(const Cell& cell);
std::uint64_t read_uint64(const Cell& cell);
double read_double(const Cell& cell);
float read_float(const Cell& cell);
std::string read_text(const Cell& cell);
std::string_view read_text_view(const Cell& cell);
Decimal read_decimal(const Cell& cell);
Bytes read_bytes(const Cell& cell);
Date read_date(const Cell& cell);
TimeOfDay read_time(const Cell& cell);
Timestamp read_timestamp(const Cell& cell);
TimestampTz read_timestamp_tz(const Cell& cell);
Uuid read_uuid(const Cell& cell);
Json read_json(const Cell& cell);
void read_json_document(const Cell& cell, nlohmann::json& document);
[[noreturn]] void throw_out_of_range(const Cell& cell, const char* type, bool is_signed,
                                     std::size_t bytes);

/// An element of an array in text form, or its bytes; of an array of more dimensions an array.
struct Element {
  std::string raw;
  bool is_null = false;
};
/// \throws InvalidArgument unless the cell is an array, of more than one dimension when
/// `of_arrays` is set and of one when not.
std::vector<Element> read_elements(const Cell& cell, bool of_arrays);

/// T is a list: the C++ side of an array.
template <class T>
inline constexpr bool is_list = false;
template <class T>
requires(!std::same_as<T, std::byte>) inline constexpr bool is_list<std::vector<T>> = true;

/// T would refer to the text of an array's element, which does not outlive the reading.
template <class T>
inline constexpr bool is_view =
    std::same_as<T, std::string_view> || std::same_as<T, std::optional<std::string_view>>;

template <class T, auto read_function>
struct SimpleReader {
  static constexpr bool accepts_null = false;
  static T read(const Cell& cell) { return T(read_function(cell)); }
};

template <>
struct Reader<bool> : SimpleReader<bool, read_bool> {};
template <>
struct Reader<double> : SimpleReader<double, read_double> {};
template <>
struct Reader<float> : SimpleReader<float, read_float> {};
template <>
struct Reader<std::string> : SimpleReader<std::string, read_text> {};
template <>
struct Reader<std::string_view> : SimpleReader<std::string_view, read_text_view> {};
template <>
struct Reader<Decimal> : SimpleReader<Decimal, read_decimal> {};
template <>
struct Reader<Bytes> : SimpleReader<Bytes, read_bytes> {};
template <>
struct Reader<Date> : SimpleReader<Date, read_date> {};
template <>
struct Reader<TimeOfDay> : SimpleReader<TimeOfDay, read_time> {};
template <>
struct Reader<Timestamp> : SimpleReader<Timestamp, read_timestamp> {};
template <>
struct Reader<TimestampTz> : SimpleReader<TimestampTz, read_timestamp_tz> {};
template <>
struct Reader<Uuid> : SimpleReader<Uuid, read_uuid> {};
template <>
struct Reader<Json> : SimpleReader<Json, read_json> {};

template <>
struct Reader<std::chrono::year_month_day> {
  static constexpr bool accepts_null = false;
  static std::chrono::year_month_day read(const Cell& cell) {
    return read_date(cell).to_year_month_day();
  }
};

template <>
struct Reader<std::chrono::system_clock::time_point> {
  static constexpr bool accepts_null = false;
  static std::chrono::system_clock::time_point read(const Cell& cell) {
    return read_timestamp_tz(cell).to_time_point();
  }
};

template <class T>
requires(std::integral<T> && !std::same_as<T, bool>) struct Reader<T> {
  static constexpr bool accepts_null = false;
  static T read(const Cell& cell) {
    if constexpr (std::is_signed_v<T>) {
      return narrow(cell, read_int64(cell));
    } else {
      return narrow(cell, read_uint64(cell));
    }
  }

 private:
  template <class Wide>
  static T narrow(const Cell& cell, Wide value) {
    if (!std::in_range<T>(value)) {
      throw_out_of_range(cell, "integer", std::is_signed_v<T>, sizeof(T));
    }
    return static_cast<T>(value);
  }
};

template <std::same_as<nlohmann::json> T>
struct Reader<T> {
  static constexpr bool accepts_null = false;
  static T read(const Cell& cell) {
    T document;
    read_json_document(cell, document);
    return document;
  }
};

template <class T>
struct Reader<std::optional<T>> {
  static constexpr bool accepts_null = true;
  static std::optional<T> read(const Cell& cell) {
    return cell.is_null() ? std::nullopt : std::optional<T>{cell.as<T>()};
  }
};

template <class T>
requires(!std::same_as<T, std::byte>) struct Reader<std::vector<T>> {
  static_assert(!is_view<T>, "an array's elements are copies: std::string");
  static constexpr bool accepts_null = false;
  static std::vector<T> read(const Cell& cell) {
    const auto& column = cell.column();
    const Column element_column{column.name, is_list<T> ? ColumnType::array : column.element_type,
                                column.element_type};
    const auto elements = read_elements(cell, is_list<T>);
    std::vector<T> values;
    values.reserve(elements.size());
    for (const auto& element : elements) {
      values.push_back(
          CellAccess::make(element_column, element.raw, element.is_null).template as<T>());
    }
    return values;
  }
};

}  // namespace flowdb::result
