#include "cli/text_table.hpp"

#include <algorithm>
#include <utility>

namespace flowdb::cli {

TextTable::TextTable(std::vector<std::string> headings) : is_right_(headings.size()) {
  for (auto& heading : headings) {
    widths_.push_back(width_of(heading));
    headings_.push_back({std::move(heading), Style::bold});
  }
}

void TextTable::add(std::vector<Cell> row) {
  row.resize(headings_.size());
  for (std::size_t column = 0; column < row.size(); ++column) {
    auto& text = row[column].text;
    text = printable(text);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    widths_[column] = std::max(widths_[column], width_of(text));
  }
  rows_.push_back(std::move(row));
}

void TextTable::print(std::ostream& out, const Terminal& terminal) const {
  print_row(out, terminal, headings_);
  for (const auto& row : rows_) print_row(out, terminal, row);
}

void TextTable::print_row(std::ostream& out, const Terminal& terminal,
                          const std::vector<Cell>& row) const {
  std::string line;
  for (std::size_t column = 0; column < row.size(); ++column) {
    const auto& cell = row[column];
    const std::string space(widths_[column] - width_of(cell.text), ' ');
    const auto text = terminal.styled(cell.style, cell.text);
    const bool is_last = column + 1 == row.size();
    line += is_right_[column] ? space + text : text + (is_last ? "" : space);
    if (!is_last) line += "  ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

}  // namespace flowdb::cli
