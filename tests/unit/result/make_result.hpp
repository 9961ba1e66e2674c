#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <flowdb/result_set.hpp>

#include "result/table.hpp"

namespace flowdb::test {

using Fields = std::vector<std::optional<std::string>>;

/// A result set as a backend would build it.
inline ResultSet make_result(std::vector<Column> columns, const std::vector<Fields>& rows) {
  result::TableBuilder builder{std::move(columns)};
  for (const auto& row : rows) {
    std::size_t payload = 0;
    for (const auto& field : row) {
      payload += field ? field->size() : 0;
    }
    builder.begin_row(payload);
    for (const auto& field : row) {
      field ? builder.add(*field) : builder.add_null();
    }
    builder.end_row();
  }
  return builder.finish(rows.size());
}

/// One cell of a column named `x`, kept alive by its result set.
class OneCell {
 public:
  OneCell(ColumnType type, std::optional<std::string> raw, ColumnType element = ColumnType::other)
      : result_(make_result({{"x", type, element}}, {{std::move(raw)}})) {}

  template <class T>
  T as() const {
    return result_.scalar<T>();
  }

 private:
  ResultSet result_;
};

}  // namespace flowdb::test
