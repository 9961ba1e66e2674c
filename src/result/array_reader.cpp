#include "result/array_reader.hpp"

#include <utility>

#include "result/encoding.hpp"
#include "result/reader_errors.hpp"

namespace flowdb::result {

std::vector<ArrayEntry> read_array(const Cell& cell) {
  const auto& column = cell.column();
  if (column.type != ColumnType::array) {
    throw_wrong_type(cell, "an array");
  }
  auto entries = split_array(raw_of(cell));
  if (!entries) {
    throw_malformed(cell, "array");
  }
  if (column.element_type != ColumnType::bytes) {
    return *std::move(entries);
  }
  for (auto& entry : *entries) {
    if (entry.kind == ArrayEntry::Kind::value) {
      auto bytes = bytes_from_hexadecimal(entry.text);
      if (!bytes) {
        throw_malformed(cell, "array");
      }
      entry.text = *std::move(bytes);
    }
  }
  return *std::move(entries);
}

std::vector<Element> read_elements(const Cell& cell, bool of_arrays) {
  auto entries = read_array(cell);
  std::vector<Element> elements;
  elements.reserve(entries.size());
  for (auto& entry : entries) {
    const bool is_list = entry.kind == ArrayEntry::Kind::list;
    if (is_list != of_arrays) {
      throw InvalidArgument(describe(cell.column()) + " is an array of " +
                            (is_list ? "more" : "fewer") +
                            " dimensions than were asked for: read it as one std::vector<…> for "
                            "each dimension");
    }
    elements.push_back({std::move(entry.text), entry.kind == ArrayEntry::Kind::null});
  }
  return elements;
}

}  // namespace flowdb::result
