#include "backend/bulk_rows.hpp"

#include <cstddef>
#include <variant>

#include <flowdb/error.hpp>

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
      const auto* text = std::get_if<std::string>(&value.data());
      if (text != nullptr && text->find('\0') != std::string::npos) {
        throw InvalidArgument(where + "holds a text with a NUL character, which no server text " +
                              "can hold");
      }
    }
  }
}

}  // namespace flowdb::backend
