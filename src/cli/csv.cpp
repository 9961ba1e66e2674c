#include "cli/csv.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowdb::cli {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

void print_field(std::ostream& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out << text;
    return;
  }
  out << '"';
  for (const char character : text) {
    if (character == '"') out << '"';
    out << character;
  }
  out << '"';
}

}  // namespace

void print_csv(std::ostream& out, const ResultSet& rows) {
  const auto count = rows.columns().size();
  const auto print_line = [&](const auto& print_one) {
    for (std::size_t column = 0; column < count; ++column) {
      if (column > 0) out << ',';
      print_one(column);
    }
    out << kLineEnd;
  };
  print_line([&](std::size_t column) { print_field(out, rows.columns()[column].name); });
  for (const auto& row : rows) {
    print_line([&](std::size_t column) {
      const auto text = row[column].as<std::optional<std::string>>();
      if (text) print_field(out, *text);
    });
  }
}

}  // namespace flowdb::cli
