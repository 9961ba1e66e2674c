#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include "result/table.hpp"

namespace flowdb::backend::postgresql {

/// Copies the rows of a statement's results into tables: libpq hands them over one a result. Bytes
/// are decoded. Not thread-safe.
class RowReader {
 public:
  /// Of a result without columns; reads nothing.
  RowReader() = default;
  /// `first` is any of the statement's results, of these columns.
  /// \throws QueryError for a binary value of a type that flowdb has not asked for so.
  RowReader(const PGresult* first, const std::vector<Column>& columns);

  result::Encoding encoding() const noexcept { return encoding_; }
  /// Appends the rows to a table of the result's columns and this encoding.
  void append(const PGresult* result, result::TableBuilder& table);

 private:
  /// What is to be done with a column's bytes.
  enum class Form : std::uint8_t { as_it_is, bytes_as_text, versioned_json };

  void append_row(const PGresult* result, int row, result::TableBuilder& table);

  result::Encoding encoding_ = result::Encoding::text;
  struct Field {
    Form form = Form::as_it_is;
    std::uint32_t size = 0;  // of its cell in the row under way
  };
  std::vector<Field> fields_;
};

/// Rows that the statement changed, or returned.
std::uint64_t affected_rows(PGresult* result);

}  // namespace flowdb::backend::postgresql
