#include <charconv>
#include <cmath>
#include <system_error>

#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "result/array_reader.hpp"
#include "result/base64.hpp"
#include "result/cell_text.hpp"
#include "result/column_names.hpp"
#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb {
namespace result {
namespace {

using nlohmann::json;

json cell_to_json(const Cell& cell);

// NaN and the infinities, which JSON does not know, keep the server's words. A real's digits are
// taken as the server shows them: 0.1 and not the double 0.10000000149011612.
json floating_to_json(const Cell& cell) {
  if (cell.column().type == ColumnType::float64) {
    const double value = read_double(cell);
    return std::isfinite(value) ? json(value) : json(text_of(cell));
  }
  const auto text = text_of(cell);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) {
    throw_malformed(cell, "floating-point number");
  }
  return std::isfinite(value) ? json(value) : json(text);
}

// ISO 8601 of PostgreSQL's `2024-01-15 10:30:00+00`; works beyond the years of flowdb::Timestamp.
json timestamp_to_json(const Cell& cell) {
  auto text = text_of(cell);
  const auto space = text.find(' ');
  if (space == text.npos) {
    return text;  // an infinity
  }
  text[space] = 'T';
  const auto zone = text.find_first_of("+-", space);
  if (zone == text.npos) {
    return text;
  }
  auto zone_end = text.find(' ', zone);  // of ` BC`
  zone_end = zone_end == text.npos ? text.size() : zone_end;
  const auto offset = text.substr(zone, zone_end - zone);
  if (offset == "+00" || offset == "+00:00") {
    text.replace(zone, offset.size(), "Z");
  } else if (offset.size() == 3) {
    text.insert(zone_end, ":00");
  }
  return text;
}

json array_to_json(const Cell& cell) {
  const auto& column = cell.column();
  const Column list_column{column.name, ColumnType::array, column.element_type};
  const Column value_column{column.name, column.element_type, ColumnType::other};
  auto list = json::array();
  for (const auto& entry : read_array(cell)) {
    const bool is_list = entry.kind == ArrayEntry::Kind::list;
    const bool is_null = entry.kind == ArrayEntry::Kind::null;
    list.push_back(
        cell_to_json(CellAccess::make(is_list ? list_column : value_column, entry.text, is_null)));
  }
  return list;
}

json cell_to_json(const Cell& cell) {
  if (cell.is_null()) {
    return nullptr;
  }
  switch (cell.column().type) {
    case ColumnType::boolean:
      return read_bool(cell);
    case ColumnType::int16:
    case ColumnType::int32:
    case ColumnType::int64:
      return read_int64(cell);
    case ColumnType::float32:
    case ColumnType::float64:
      return floating_to_json(cell);
    case ColumnType::bytes:
      return to_base64(raw_of(cell));
    case ColumnType::timestamp:
    case ColumnType::timestamp_tz:
      return timestamp_to_json(cell);
    case ColumnType::json:
      return cell.as<json>();
    case ColumnType::array:
      return array_to_json(cell);
    case ColumnType::decimal:
    case ColumnType::text:
    case ColumnType::date:
    case ColumnType::time:
    case ColumnType::uuid:
    case ColumnType::other:
      break;
  }
  return text_of(cell);
}

json row_to_json(const Row& row) {
  auto object = json::object();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto cell = row[i];
    object[cell.column().name] = cell_to_json(cell);
  }
  return object;
}

}  // namespace
}  // namespace result

nlohmann::json Row::to_json() const {
  result::require_distinct_names(columns());
  return result::row_to_json(*this);
}

nlohmann::json ResultSet::to_json() const {
  if (columns().empty()) {
    return nlohmann::json::array({{{"affected_rows", affected_rows()}}});
  }
  result::require_distinct_names(columns());
  auto list = nlohmann::json::array();
  for (const auto& row : *this) {
    list.push_back(result::row_to_json(row));
  }
  return list;
}

}  // namespace flowdb
