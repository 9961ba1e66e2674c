#pragma once

#include <concepts>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <flowdb/types.hpp>

namespace flowdb {
inline namespace v0_1 {

class Value;

/// A list of values: in `IN (:ids)` it stands for its elements, elsewhere it is an array of the
/// server (PostgreSQL). Elements may be lists again: an array of more dimensions.
struct Array {
  std::vector<Value> elements;

  bool operator==(const Array& other) const;
};

template <class T>
concept BindableInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                          !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> &&
                          !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// A value to be bound to a parameter. Never printed by flowdb: there is no stream operator.
class Value {
 public:
  using Variant = std::variant<std::monostate, bool, std::int64_t, double, Decimal, std::string,
                               Bytes, Date, TimeOfDay, Timestamp, TimestampTz, Uuid, Json, Array>;

  Value() = default;        ///< NULL
  Value(std::nullptr_t) {}  // NOLINT(google-explicit-constructor): all of these are implicit,
  Value(std::nullopt_t) {}  // NOLINT so that {"name", value} reads well
  Value(std::same_as<bool> auto flag) : data_(flag) {}  // NOLINT: no pointer becomes a bool
  template <BindableInteger T>
  Value(T number) {  // NOLINT
    if (std::in_range<std::int64_t>(number)) {
      data_ = static_cast<std::int64_t>(number);
    } else {
      data_ = Decimal{std::string_view{std::to_string(number)}};
    }
  }
  Value(double number) : data_(number) {}                       // NOLINT
  Value(float number) : data_(static_cast<double>(number)) {}   // NOLINT
  Value(const char* text);                                      // NOLINT: null pointer: NULL
  Value(std::string_view text) : data_(std::string{text}) {}    // NOLINT
  Value(std::string text) : data_(std::move(text)) {}           // NOLINT
  Value(Decimal number) : data_(std::move(number)) {}           // NOLINT
  Value(Bytes bytes) : data_(std::move(bytes)) {}               // NOLINT
  Value(Date day) : data_(day) {}                               // NOLINT
  Value(std::chrono::year_month_day day) : data_(Date{day}) {}  // NOLINT
  Value(TimeOfDay time) : data_(time) {}                        // NOLINT
  Value(Timestamp time) : data_(time) {}                        // NOLINT
  Value(TimestampTz time) : data_(time) {}                      // NOLINT
  Value(std::chrono::system_clock::time_point time)             // NOLINT
      : data_(TimestampTz::from(time)) {}
  Value(Uuid id) : data_(id) {}                         // NOLINT
  Value(Json document) : data_(std::move(document)) {}  // NOLINT
  Value(Array list) : data_(std::move(list)) {}         // NOLINT
  template <std::same_as<nlohmann::json> T>
  Value(const T& document) : data_(Json{document}) {}  // NOLINT
  template <class T>
  Value(std::optional<T> maybe) {  // NOLINT
    if (maybe) {
      *this = Value{*std::move(maybe)};
    }
  }
  template <class T>
  requires(!std::same_as<T, std::byte>) Value(const std::vector<T>& list) {  // NOLINT
    Array array;
    array.elements.reserve(list.size());
    for (const auto& element : list) {
      array.elements.emplace_back(static_cast<const T&>(element));
    }
    data_ = std::move(array);
  }

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(data_); }
  const Variant& data() const noexcept { return data_; }
  friend bool operator==(const Value&, const Value&) = default;

 private:
  Variant data_;
};

/// One named parameter, without the colon.
struct Param {
  std::string name;
  Value value;
};

/// The parameters of one statement: `{{"status", "active"}, {"limit", 10}}`.
class Params {
 public:
  Params() = default;
  Params(std::initializer_list<Param> params) : params_(params) {}  // NOLINT
  Params(const std::map<std::string, Value>& params);               // NOLINT

  /// Adds a parameter, or replaces the one of that name.
  Params& set(std::string name, Value value);

  const Value* find(std::string_view name) const noexcept;
  std::size_t size() const noexcept { return params_.size(); }
  bool empty() const noexcept { return params_.empty(); }
  auto begin() const noexcept { return params_.begin(); }
  auto end() const noexcept { return params_.end(); }

 private:
  std::vector<Param> params_;
};

/// A statement and its parameters, for execute_transaction().
struct Statement {
  std::string sql;
  Params params = {};
};

}  // namespace v0_1
}  // namespace flowdb
