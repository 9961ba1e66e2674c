#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <variant>

#include <flowdb/error.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "backend/value_text.hpp"
#include "result/table.hpp"

namespace flowdb::testing {
namespace {

/// The column type of each alternative of Value::Variant but the first, NULL.
constexpr std::array kTypes{ColumnType::boolean,      ColumnType::int64, ColumnType::float64,
                            ColumnType::decimal,      ColumnType::text,  ColumnType::bytes,
                            ColumnType::date,         ColumnType::time,  ColumnType::timestamp,
                            ColumnType::timestamp_tz, ColumnType::uuid,  ColumnType::json,
                            ColumnType::array};
static_assert(kTypes.size() + 1 == std::variant_size_v<Value::Variant>);

/// The type that several values have in common.
class CommonType {
 public:
  void add(const Value& value) {
    if (value.is_null()) {
      return;
    }
    const auto type = kTypes.at(value.data().index() - 1);
    type_ = type_.value_or(type) == type ? type : ColumnType::text;
  }
  ColumnType get() const { return type_.value_or(ColumnType::text); }

 private:
  std::optional<ColumnType> type_;
};

void add_elements(const Array& array, CommonType& type) {
  for (const auto& element : array.elements) {
    if (const auto* inner = std::get_if<Array>(&element.data())) {
      add_elements(*inner, type);
    } else {
      type.add(element);
    }
  }
}

Column column_of(const std::string& name, const std::vector<std::vector<Value>>& rows,
                 std::size_t index) {
  CommonType type;
  CommonType element_type;
  for (const auto& row : rows) {
    type.add(row[index]);
    if (const auto* array = std::get_if<Array>(&row[index].data())) {
      add_elements(*array, element_type);
    }
  }
  const bool is_array = type.get() == ColumnType::array;
  return {name, type.get(), is_array ? element_type.get() : ColumnType::other};
}

std::string raw_text(const Value& value, const Column& column) {
  const auto* bytes = std::get_if<Bytes>(&value.data());
  if (bytes == nullptr || column.type != ColumnType::bytes) {
    return backend::value_text(value);
  }
  std::string raw(bytes->size(), '\0');
  std::transform(bytes->begin(), bytes->end(), raw.begin(),
                 [](std::byte byte) { return static_cast<char>(byte); });
  return raw;
}

void add_row(result::TableBuilder& table, const std::vector<Value>& row) {
  std::vector<std::string> cells;
  std::size_t payload = 0;
  for (std::size_t index = 0; index < row.size(); ++index) {
    cells.push_back(raw_text(row[index], table.columns()[index]));
    payload += cells.back().size();
  }
  table.begin_row(payload);
  for (std::size_t index = 0; index < row.size(); ++index) {
    if (row[index].is_null()) {
      table.add_null();
    } else {
      table.add(cells[index]);
    }
  }
  table.end_row();
}

void check_shape(const std::vector<std::string>& column_names,
                 const std::vector<std::vector<Value>>& rows) {
  if (column_names.empty()) {
    throw InvalidArgument(
        "make_rows() needs at least one column; a statement without rows is make_affected()");
  }
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (rows[index].size() != column_names.size()) {
      throw InvalidArgument("row " + std::to_string(index) + " of make_rows() has " +
                            std::to_string(rows[index].size()) + " values for " +
                            std::to_string(column_names.size()) + " columns");
    }
  }
}

}  // namespace
}  // namespace flowdb::testing

flowdb::ResultSet flowdb::testing::make_rows(const std::vector<std::string>& column_names,
                                             const std::vector<std::vector<Value>>& rows) {
  check_shape(column_names, rows);
  std::vector<Column> columns;
  columns.reserve(column_names.size());
  for (const auto& name : column_names) {
    columns.push_back(column_of(name, rows, columns.size()));
  }
  result::TableBuilder table{std::move(columns)};
  for (const auto& row : rows) {
    add_row(table, row);
  }
  return table.finish(rows.size());
}

flowdb::ResultSet flowdb::testing::make_affected(std::uint64_t affected_rows) {
  return result::affected_only(affected_rows);
}
