#include "backend/postgresql/row_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <flowdb/error.hpp>

#include "backend/postgresql/column_types.hpp"

namespace flowdb::backend::postgresql {
namespace {

unsigned hex_digit(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/// bytea_output is pinned to hex when the connection is made; a function can still have changed it:
/// then `\\` is a backslash, `\ooo` any other byte that is not printed as it is.
char* put_escaped_bytes(std::string_view text, char* out) {
  for (std::size_t i = 0; i < text.size(); ++out) {
    if (text[i] != '\\') {
      *out = text[i++];
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      *out = '\\';
      i += 2;
    } else {
      unsigned byte = 0;
      for (const char digit : text.substr(i + 1, 3)) {
        byte = byte * 8 + static_cast<unsigned>(digit - '0');
      }
      *out = static_cast<char>(byte);
      i += 4;
    }
  }
  return out;
}

/// `\x` and two digits a byte. Returns the end of the bytes, which are fewer than the text has.
char* put_bytes(std::string_view text, char* out) {
  if (text.substr(0, 2) != "\\x") {
    return put_escaped_bytes(text, out);
  }
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    *out++ = static_cast<char>(hex_digit(text[i]) << 4U | hex_digit(text[i + 1]));
  }
  return out;
}

char* put(std::string_view bytes, char* out) {
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

}  // namespace

RowReader::RowReader(const PGresult* first, const std::vector<Column>& columns)
    : fields_(columns.size()) {
  constexpr Oid jsonb = 3802;
  encoding_ = !columns.empty() && PQfformat(first, 0) == 1 ? result::Encoding::binary
                                                           : result::Encoding::text;
  const bool is_binary = encoding_ == result::Encoding::binary;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_binary) {
      if (columns[i].type == ColumnType::bytes) {
        fields_[i].form = Form::bytes_as_text;
      }
      continue;
    }
    const Oid type = PQftype(first, static_cast<int>(i));
    if (!is_readable_in_binary(type)) {
      throw QueryError("the server sent column '" + columns[i].name +
                       "' in a form that it was not asked for");
    }
    if (type == jsonb) {
      fields_[i].form = Form::versioned_json;
    }
  }
}

void RowReader::append(const PGresult* result, result::TableBuilder& table) {
  const int rows = PQntuples(result);
  for (int row = 0; row < rows; ++row) {
    append_row(result, row, table);
  }
}

void RowReader::append_row(const PGresult* result, int row, result::TableBuilder& table) {
  std::size_t payload = 0;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    fields_[i].size = static_cast<std::uint32_t>(PQgetlength(result, row, static_cast<int>(i)));
    payload += fields_[i].size;
  }
  auto cells = table.begin_cells(payload);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const int column = static_cast<int>(i);
    const auto& field = fields_[i];
    if (field.size == 0 && PQgetisnull(result, row, column) != 0) {
      cells.add_null();
      continue;
    }
    const std::string_view bytes{PQgetvalue(result, row, column), field.size};
    switch (field.form) {
      case Form::as_it_is:
        cells.add_until(put(bytes, cells.next()));
        break;
      case Form::bytes_as_text:
        cells.add_until(put_bytes(bytes, cells.next()));
        break;
      case Form::versioned_json:  // behind the version
        cells.add_until(put(bytes.substr(std::min<std::size_t>(1, bytes.size())), cells.next()));
        break;
    }
  }
  table.end_row(cells);
}

std::uint64_t affected_rows(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace flowdb::backend::postgresql
