#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "result/reader_errors.hpp"

namespace flowdb::result {

std::string_view read_text(const Cell& cell) {
  if (cell.column().type == ColumnType::bytes) {
    throw_wrong_type(cell, "text");
  }
  return cell.raw();
}

Bytes read_bytes(const Cell& cell) {
  if (cell.column().type != ColumnType::bytes) {
    throw_wrong_type(cell, "binary");
  }
  const auto* const bytes = reinterpret_cast<const std::byte*>(cell.raw().data());
  return Bytes(bytes, bytes + cell.raw().size());
}

Uuid read_uuid(const Cell& cell) {
  const auto type = cell.column().type;
  if (type != ColumnType::uuid && type != ColumnType::text) {
    throw_wrong_type(cell, "a UUID");
  }
  return parse_cell(cell, Uuid::parse);
}

Json read_json(const Cell& cell) {
  const auto type = cell.column().type;
  if (type != ColumnType::json && type != ColumnType::text) {
    throw_wrong_type(cell, "JSON");
  }
  return Json{std::string{cell.raw()}};
}

void read_json_document(const Cell& cell, nlohmann::json& document) {
  document = nlohmann::json::parse(read_json(cell).text, nullptr, false);
  if (document.is_discarded()) {
    throw_lossy(cell, "text that is no JSON document, or one with a number beyond a double");
  }
}

}  // namespace flowdb::result
