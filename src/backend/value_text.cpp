#include "backend/value_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <variant>

namespace flowdb::backend {
namespace {

std::string double_text(double number) {
  if (std::isnan(number)) {
    return "NaN";
  }
  if (std::isinf(number)) {
    return number > 0 ? "Infinity" : "-Infinity";
  }
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return std::string{buffer.data(), result.ptr};
}

std::string hex_text(const Bytes& bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + bytes.size() * 2);
  for (const auto byte : bytes) {
    const auto number = std::to_integer<unsigned>(byte);
    text.push_back(kDigits[number >> 4U]);
    text.push_back(kDigits[number & 0xFU]);
  }
  return text;
}

/// https://www.postgresql.org/docs/15/arrays.html#ARRAYS-IO
std::string quoted_element(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
    }
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

std::string array_text(const Array& array) {
  std::string text = "{";
  for (const auto& element : array.elements) {
    if (text.size() > 1) {
      text.push_back(',');
    }
    if (element.is_null()) {
      text += "NULL";
    } else if (std::holds_alternative<Array>(element.data())) {
      text += value_text(element);
    } else {
      text += quoted_element(value_text(element));
    }
  }
  text.push_back('}');
  return text;
}

struct TextOf {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(bool flag) const { return flag ? "t" : "f"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return double_text(number); }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const Bytes& bytes) const { return hex_text(bytes); }
  std::string operator()(const Json& document) const { return document.text; }
  std::string operator()(const Array& array) const { return array_text(array); }
  template <class T>
  std::string operator()(const T& value) const {
    return value.to_string();
  }
};

}  // namespace

std::string value_text(const Value& value) {
  return std::visit(TextOf{}, value.data());
}

bool holds_nul(const Value& value) {
  if (const auto* array = std::get_if<Array>(&value.data())) {
    return std::any_of(array->elements.begin(), array->elements.end(), holds_nul);
  }
  const auto* text = std::get_if<std::string>(&value.data());
  if (const auto* document = std::get_if<Json>(&value.data())) {
    text = &document->text;
  }
  return text != nullptr && text->find('\0') != std::string::npos;
}

}  // namespace flowdb::backend
