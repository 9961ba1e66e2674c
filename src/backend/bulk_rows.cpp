#include "backend/bulk_rows.hpp"

#include <chrono>
#include <cstddef>
#include <variant>

#include <flowdb/error.hpp>
#include <flowdb/types.hpp>

#include "backend/value_text.hpp"

namespace flowdb::backend {
namespace {

/// A time that a caller has put together may be none at all.
bool is_impossible_time(const Value& value) {
  const auto* time = std::get_if<TimeOfDay>(&value.data());
  return time != nullptr &&
         (time->since_midnight < Ticks::zero() || time->since_midnight > std::chrono::hours{24});
}

}  // namespace

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
      if (is_impossible_time(value)) {
        throw InvalidArgument(where + "holds a time of day that is not from 00:00:00 to 24:00:00");
      }
    }
  }
}

}  // namespace flowdb::backend
