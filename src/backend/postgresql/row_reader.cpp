#include "backend/postgresql/row_reader.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flowdb::backend::postgresql {
namespace {

unsigned hex_digit(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/// bytea_output is pinned to hex when the connection is made; a function can still have changed it:
/// then `\\` is a backslash, `\ooo` any other byte that is not printed as it is.
void add_escaped_bytes(std::string_view text, result::TableBuilder& table) {
  char* out = table.reserve(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++size) {
    if (text[i] != '\\') {
      out[size] = text[i++];
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      out[size] = '\\';
      i += 2;
    } else {
      unsigned byte = 0;
      for (const char digit : text.substr(i + 1, 3)) {
        byte = byte * 8 + static_cast<unsigned>(digit - '0');
      }
      out[size] = static_cast<char>(byte);
      i += 4;
    }
  }
  table.add_written(size);
}

/// `\x` and two digits a byte.
void add_bytes(std::string_view text, result::TableBuilder& table) {
  if (text.substr(0, 2) != "\\x") {
    add_escaped_bytes(text, table);
    return;
  }
  const std::size_t size = (text.size() - 2) / 2;
  char* out = table.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned high = hex_digit(text[2 + 2 * i]);
    const unsigned low = hex_digit(text[3 + 2 * i]);
    out[i] = static_cast<char>(high << 4U | low);
  }
  table.add_written(size);
}

std::string_view cell_text(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column),
          static_cast<std::size_t>(PQgetlength(result, row, column))};
}

}  // namespace

void append_rows(const PGresult* result, result::TableBuilder& table) {
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  for (int row = 0; row < rows; ++row) {
    std::size_t payload = 0;
    for (int column = 0; column < columns; ++column) {
      payload += static_cast<std::size_t>(PQgetlength(result, row, column));
    }
    table.begin_row(payload);
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column) != 0) {
        table.add_null();
      } else if (table.columns()[static_cast<std::size_t>(column)].type == ColumnType::bytes) {
        add_bytes(cell_text(result, row, column), table);
      } else {
        table.add(cell_text(result, row, column));
      }
    }
    table.end_row();
  }
}

std::uint64_t affected_rows(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace flowdb::backend::postgresql
