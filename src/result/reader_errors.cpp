#include "result/reader_errors.hpp"

#include <cstddef>

#include "result/cell_text.hpp"

namespace flowdb::result {
namespace {

// The C++ type that holds every value of such a column.
const char* natural_type(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::boolean:
      return "bool";
    case ColumnType::int16:
    case ColumnType::int32:
      return "int";
    case ColumnType::int64:
      return "std::int64_t";
    case ColumnType::float32:
      return "float";
    case ColumnType::float64:
      return "double";
    case ColumnType::decimal:
      return "flowdb::Decimal";
    case ColumnType::bytes:
      return "flowdb::Bytes";
    case ColumnType::date:
      return "flowdb::Date";
    case ColumnType::time:
      return "flowdb::TimeOfDay";
    case ColumnType::timestamp:
      return "flowdb::Timestamp";
    case ColumnType::timestamp_tz:
      return "flowdb::TimestampTz";
    case ColumnType::uuid:
      return "flowdb::Uuid";
    case ColumnType::json:
      return "flowdb::Json";
    case ColumnType::text:
    case ColumnType::array:
    case ColumnType::other:
      break;
  }
  return "std::string";
}

std::string remedy(const Column& column) {
  const std::string type =
      column.type == ColumnType::array
          ? "std::vector<" + std::string{natural_type(column.element_type)} + ">"
          : natural_type(column.type);
  return ": read it as " + type;
}

std::string type_name(const Column& column) {
  return column.type == ColumnType::array
             ? "an array of " + std::string{to_string(column.element_type)}
             : to_string(column.type);
}

}  // namespace

void throw_wrong_type(const Cell& cell, std::string_view wanted) {
  const auto& column = cell.column();
  throw InvalidArgument(describe(column) + " is " + type_name(column) + ", not " +
                        std::string{wanted} + remedy(column));
}

void throw_lossy(const Cell& cell, std::string_view problem) {
  throw InvalidArgument(describe(cell.column()) + " holds " + std::string{problem} +
                        remedy(cell.column()));
}

void throw_malformed(const Cell& cell, std::string_view wanted) {
  throw InvalidArgument(describe(cell.column()) + " does not hold a valid " + std::string{wanted});
}

void throw_null(const Cell& cell) {
  throw InvalidArgument(describe(cell.column()) + " is NULL: read it as std::optional<…>");
}

void throw_out_of_range(const Cell& cell, const char* type, bool is_signed, std::size_t bytes) {
  const bool is_negative = text_of(cell).starts_with('-');
  if (is_negative && !is_signed) {
    throw_lossy(cell, "a negative value, which an unsigned " + std::string{type} + " cannot hold");
  }
  const auto bits = std::to_string(bytes * 8);
  const std::string article = !is_signed ? "an unsigned " : bytes == 1 ? "an " : "a ";
  throw_lossy(cell, "a value too " + std::string{is_negative ? "small" : "large"} + " for " +
                        article + bits + "-bit " + type);
}

}  // namespace flowdb::result
