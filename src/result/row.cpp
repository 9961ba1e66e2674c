#include <flowdb/error.hpp>
#include <flowdb/result_set.hpp>

#include "result/column_names.hpp"
#include "result/table.hpp"

namespace flowdb {

std::size_t Row::size() const noexcept {
  return table_->columns.size();
}

const std::vector<Column>& Row::columns() const noexcept {
  return table_->columns;
}

Cell Row::operator[](std::string_view name) const {
  return cell(result::find_column(table_->columns, name));
}

Cell Row::cell(std::size_t index) const {
  if (index >= size()) {
    throw InvalidArgument("there is no column of that index: the result has " +
                          std::to_string(size()) + " columns, counted from 0");
  }
  const auto view = result::cell_at(*table_, cells_, index);
  return Cell{table_->columns[index], view.raw, view.is_null, table_->encoding};
}

OwningRow::OwningRow(std::shared_ptr<const result::Table> table, const char* cells) noexcept
    : Row(*table, cells), owner_(std::move(table)) {}

}  // namespace flowdb
