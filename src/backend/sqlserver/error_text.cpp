#include "backend/sqlserver/error_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "backend/sqlserver/error_numbers.hpp"
#include "core/utf8.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// Where a value begins in what the server says of a duplicate key, a truncation, an overflow;
/// nothing but the value follows that is worth keeping.
constexpr std::array<std::string_view, 5> kValuesFollow{
    "The duplicate key value is",
    "Truncated value:", ", value =", "value out of range:", "The incorrect value is"};

std::string_view without_values(std::string_view text) {
  for (const auto mark : kValuesFollow) {
    text = text.substr(0, text.find(mark));
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == ',')) {
    text.remove_suffix(1);
  }
  return text;
}

/// What stands in single or double quotes behind `mark`.
std::string quoted_after(std::string_view text, std::string_view mark) {
  const auto found = text.find(mark);
  if (found == std::string_view::npos) {
    return {};
  }
  text.remove_prefix(found + mark.size());
  if (text.empty() || (text.front() != '\'' && text.front() != '"')) {
    return {};
  }
  const auto end = text.find(text.front(), 1);
  return end == std::string_view::npos ? std::string{} : std::string{text.substr(1, end - 1)};
}

/// The first quoted thing of a message.
std::string_view first_quoted(std::string_view text) {
  const auto begin = text.find('\'');
  const auto end = begin == std::string_view::npos ? begin : text.find('\'', begin + 1);
  return end == std::string_view::npos ? std::string_view{}
                                       : text.substr(begin + 1, end - begin - 1);
}

/// Byte offset of the line, 1-based; npos when the text has fewer.
std::size_t offset_of_line(std::string_view text, int line) {
  std::size_t offset = 0;
  for (; line > 1; --line) {
    offset = text.find('\n', offset);
    if (offset == std::string_view::npos) {
      return offset;
    }
    ++offset;
  }
  return offset;
}

}  // namespace

std::string clean_message(const Diagnostic& diagnostic, const Redactor& redactor) {
  const auto text = without_values(diagnostic.text);
  return quotes_hold_names(diagnostic.native_code) ? redactor.hide(text)
                                                   : redactor.clean(text, true);
}

std::string constraint_name(const Diagnostic& diagnostic) {
  // Constraints are in single quotes or double ones, as the number has it.
  for (const std::string_view mark : {" constraint ", " unique index ", " column "}) {
    if (auto name = quoted_after(diagnostic.text, mark); !name.empty()) {
      return name;
    }
  }
  return {};
}

int statement_position(const Diagnostic& diagnostic, std::string_view text) {
  const auto begin = offset_of_line(text, diagnostic.line);
  if (diagnostic.line == 0 || begin == std::string_view::npos) {
    return 0;
  }
  const auto line = text.substr(begin, text.find('\n', begin) - begin);
  const auto name = first_quoted(diagnostic.text);
  auto found = name.empty() ? std::string_view::npos : line.find(name);
  if (found == std::string_view::npos) {
    if (text.find('\n') == std::string_view::npos) {
      return 0;  // the whole statement: nobody learns anything from that
    }
    found = std::min(line.find_first_not_of(" \t\r"), line.size());
  }
  return static_cast<int>(utf8::count_code_points(text.substr(0, begin + found))) + 1;
}

}  // namespace flowdb::backend::sqlserver
