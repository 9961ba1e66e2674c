#include <flowdb/result_set.hpp>

const char* flowdb::to_string(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::boolean:
      return "boolean";
    case ColumnType::int16:
      return "smallint";
    case ColumnType::int32:
      return "integer";
    case ColumnType::int64:
      return "bigint";
    case ColumnType::float32:
      return "real";
    case ColumnType::float64:
      return "double precision";
    case ColumnType::decimal:
      return "numeric";
    case ColumnType::text:
      return "text";
    case ColumnType::bytes:
      return "binary";
    case ColumnType::date:
      return "date";
    case ColumnType::time:
      return "time";
    case ColumnType::timestamp:
      return "timestamp";
    case ColumnType::timestamp_tz:
      return "timestamp with time zone";
    case ColumnType::uuid:
      return "uuid";
    case ColumnType::json:
      return "json";
    case ColumnType::array:
      return "array";
    case ColumnType::other:
      break;
  }
  return "a type of the server's own";
}
