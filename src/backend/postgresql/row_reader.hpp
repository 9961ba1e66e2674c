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
  /// `first` is any of the statement's results.
  /// \throws QueryError for a binary value of a type that flowdb has not asked for so.
  explicit RowReader(const PGresult* first);

  const std::vector<Column>& columns() const noexcept { return columns_; }
  result::Encoding encoding() const noexcept { return encoding_; }
  /// Appends the rows to a table of these columns and this encoding.
  void append(const PGresult* result, result::TableBuilder& table);

 private:
  /// What is to be done with a column's bytes.
  enum class Form : std::uint8_t { as_it_is, bytes_as_text, versioned_json };

  void append_row(const PGresult* result, int row, result::TableBuilder& table);

  std::vector<Column> columns_;
  result::Encoding encoding_ = result::Encoding::text;
  std::vector<Form> forms_;
  std::vector<std::uint32_t> sizes_;  // of the row under way
};

/// Rows that the statement changed, or returned.
std::uint64_t affected_rows(PGresult* result);

}  // namespace flowdb::backend::postgresql
