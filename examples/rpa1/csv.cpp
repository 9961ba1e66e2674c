#include "rpa1/csv.hpp"

#include <stdexcept>

namespace flows::rpa1 {
namespace {

/// Takes the quoted field off the front of `rest`, up to the comma or the end.
std::string take_quoted(std::string_view& rest) {
  std::string field;
  rest.remove_prefix(1);
  while (true) {
    const auto quote = rest.find('"');
    if (quote == std::string_view::npos) {
      throw std::invalid_argument("a quoted field is not closed");
    }
    field += rest.substr(0, quote);
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with('"')) {
      break;
    }
    field += '"';
    rest.remove_prefix(1);
  }
  if (!rest.empty() && rest.front() != ',') {
    throw std::invalid_argument("text follows a quoted field");
  }
  return field;
}

std::string take_plain(std::string_view& rest) {
  const std::string field{rest.substr(0, rest.find(','))};
  if (field.find('"') != std::string::npos) {
    throw std::invalid_argument("a double quote stands in a field without quotes");
  }
  rest.remove_prefix(field.size());
  return field;
}

}  // namespace

std::vector<std::string> split_csv_line(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    fields.push_back(line.starts_with('"') ? take_quoted(line) : take_plain(line));
    if (line.empty()) {
      return fields;
    }
    line.remove_prefix(1);  // the comma
  }
}

}  // namespace flows::rpa1
