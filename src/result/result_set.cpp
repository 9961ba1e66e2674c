#include <utility>

#include <flowdb/error.hpp>
#include <flowdb/result_set.hpp>

#include "result/table.hpp"

namespace flowdb {
namespace {

void require_row(std::size_t index, std::size_t size) {
  if (index >= size) {
    throw InvalidArgument("there is no row of that index: the result has " + std::to_string(size) +
                          " rows, counted from 0");
  }
}

void require_one_row(std::size_t size) {
  if (size != 1) {
    throw InvalidArgument("exactly one row was expected, the result has " + std::to_string(size));
  }
}

}  // namespace

ResultSet::ResultSet() = default;

ResultSet::ResultSet(std::shared_ptr<const result::Table> table) noexcept
    : table_(std::move(table)) {}

std::size_t ResultSet::size() const noexcept {
  return table_ ? table_->rows.size() : 0;
}

const std::vector<Column>& ResultSet::columns() const noexcept {
  static const std::vector<Column> none;
  return table_ ? table_->columns : none;
}

std::uint64_t ResultSet::affected_rows() const noexcept {
  return table_ ? table_->affected_rows : 0;
}

Row ResultSet::operator[](std::size_t index) const& {
  require_row(index, size());
  return Row{*table_, table_->rows[index]};
}

OwningRow ResultSet::operator[](std::size_t index) && {
  require_row(index, size());
  return OwningRow{table_, table_->rows[index]};
}

Row ResultSet::one() const& {
  require_one_row(size());
  return (*this)[0];
}

OwningRow ResultSet::one() && {
  require_one_row(size());
  return std::move(*this)[0];
}

Cell ResultSet::only_cell() const {
  const auto row = one();
  if (row.size() != 1) {
    throw InvalidArgument("exactly one column was expected, the result has " +
                          std::to_string(row.size()));
  }
  return row[0];
}

}  // namespace flowdb
