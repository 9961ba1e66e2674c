#include <nlohmann/json.hpp>

#include <flowdb/result_set.hpp>

#include "result/binary_form.hpp"
#include "result/cell_text.hpp"
#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb::result {

std::string read_text(const Cell& cell) {
  if (cell.column().type == ColumnType::bytes) {
    throw_wrong_type(cell, "text");
  }
  return text_of(cell);
}

std::string_view read_text_view(const Cell& cell) {
  switch (cell.column().type) {
    case ColumnType::text:
    case ColumnType::json:
    case ColumnType::array:
    case ColumnType::other:
      return raw_of(cell);
    default:
      throw_wrong_type(cell, "text that std::string_view can show");
  }
}

Bytes read_bytes(const Cell& cell) {
  if (cell.column().type != ColumnType::bytes) {
    throw_wrong_type(cell, "binary");
  }
  const auto raw = raw_of(cell);
  const auto* const bytes = reinterpret_cast<const std::byte*>(raw.data());
  return Bytes(bytes, bytes + raw.size());
}

Uuid read_uuid(const Cell& cell) {
  const auto type = cell.column().type;
  if (type != ColumnType::uuid && type != ColumnType::text) {
    throw_wrong_type(cell, "a UUID");
  }
  if (!is_binary(cell) || type == ColumnType::text) {
    return parse_cell(cell, Uuid::parse);
  }
  return checked(binary::uuid_from(raw_of(cell)), cell);
}

Json read_json(const Cell& cell) {
  const auto type = cell.column().type;
  if (type != ColumnType::json && type != ColumnType::text) {
    throw_wrong_type(cell, "JSON");
  }
  return Json{std::string{raw_of(cell)}};
}

void read_json_document(const Cell& cell, nlohmann::json& document) {
  document = nlohmann::json::parse(read_json(cell).text, nullptr, false);
  if (document.is_discarded()) {
    throw_lossy(cell, "text that is no JSON document, or one with a number beyond a double");
  }
}

}  // namespace flowdb::result
