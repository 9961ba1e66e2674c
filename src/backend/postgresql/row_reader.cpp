#include "backend/postgresql/row_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
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

}  // namespace

RowReader::RowReader(const PGresult* first)
    : columns_(columns_of(first)), forms_(columns_.size()), sizes_(columns_.size()) {
  constexpr Oid jsonb = 3802;
  const int count = static_cast<int>(columns_.size());
  encoding_ =
      count > 0 && PQfformat(first, 0) == 1 ? result::Encoding::binary : result::Encoding::text;
  const bool is_binary = encoding_ == result::Encoding::binary;
  for (int i = 0; i < count; ++i) {
    auto& form = forms_[static_cast<std::size_t>(i)];
    const Oid type = PQftype(first, i);
    if (is_binary && !is_readable_in_binary(type)) {
      throw QueryError("the server sent column '" + columns_[static_cast<std::size_t>(i)].name +
                       "' in a form that it was not asked for");
    }
    if (!is_binary && columns_[static_cast<std::size_t>(i)].type == ColumnType::bytes) {
      form = Form::bytes_as_text;
    } else if (is_binary && type == jsonb) {
      form = Form::versioned_json;
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
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    sizes_[i] = static_cast<std::uint32_t>(PQgetlength(result, row, static_cast<int>(i)));
    payload += sizes_[i];
  }
  table.begin_row(payload);
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    const int column = static_cast<int>(i);
    if (sizes_[i] == 0 && PQgetisnull(result, row, column) != 0) {
      table.add_null();
      continue;
    }
    const std::string_view bytes{PQgetvalue(result, row, column), sizes_[i]};
    switch (forms_[i]) {
      case Form::as_it_is:
        table.add(bytes);
        break;
      case Form::bytes_as_text:
        add_bytes(bytes, table);
        break;
      case Form::versioned_json:
        table.add(bytes.substr(std::min<std::size_t>(1, bytes.size())));  // behind the version
        break;
    }
  }
  table.end_row();
}

std::uint64_t affected_rows(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace flowdb::backend::postgresql
