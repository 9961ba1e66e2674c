#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace flowdb::cli {

struct Cell {
  std::string text;
  Style style = Style::plain;
};

/// Columns for people: as wide as their widest cell, numbers to the right where asked for. A cell
/// is one line: line ends in it become spaces.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> headings);
  /// Numbers: to the right.
  void align_right(std::size_t column) { is_right_.at(column) = true; }
  void add(std::vector<Cell> row);
  bool empty() const noexcept { return rows_.empty(); }

  void print(std::ostream& out, const Terminal& terminal) const;

 private:
  void print_row(std::ostream& out, const Terminal& terminal, const std::vector<Cell>& row) const;

  std::vector<Cell> headings_;
  std::vector<bool> is_right_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace flowdb::cli
