#include "backend/bulk_rows.hpp"

#include <cstddef>

#include <flowdb/error.hpp>

#include "backend/value_text.hpp"

namespace flowdb::backend {

void check_bulk_rows(const std::vector<std::string>& columns,
                     const std::vector<std::vector<Value>>& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto where = "row " + std::to_string(row) + " of bulk_insert() ";
    if (rows[row].size() != columns.size()) {
      throw InvalidArgument(where + "has " + std::to_string(rows[row].size()) + " values for " +
                            std::to_string(columns.size()) + " columns");
    }
    for (const auto& value : rows[row]) {
      if (holds_nul(value)) {
        throw InvalidArgument(where + "holds a text with a NUL character, which no server text " +
                              "can hold");
      }
    }
  }
}

}  // namespace flowdb::backend
