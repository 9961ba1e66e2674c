#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <flowdb/result_set.hpp>

#include "result/encoding.hpp"

namespace flowdb::result {

/// The storage behind a ResultSet. A row lies in one piece in a block of memory: one 32-bit word a
/// column (the end of its cell, counted from the end of the words; the top bit marks NULL), then
/// the cells' bytes. So a cell costs four bytes beside its data, and reading it touches one place.
struct Table {
  std::vector<Column> columns;
  std::vector<const char*> rows;  ///< where each row begins
  std::vector<std::unique_ptr<char[]>> blocks;
  std::uint64_t affected_rows = 0;
  Encoding encoding = Encoding::text;  ///< of all cells
};

inline constexpr std::uint32_t kNullBit = 0x8000'0000U;

/// A cell's bytes and whether it is NULL.
struct CellView {
  std::string_view raw;
  bool is_null = false;
};
CellView cell_at(const Table& table, const char* row, std::size_t column) noexcept;

/// Fills a Table row by row; a row that breaks the order below is a std::logic_error.
///
///     builder.begin_row(sum_of_cell_sizes);
///     builder.add(text); builder.add_null(); …   // once a column, in order
///     builder.end_row();
class TableBuilder {
 public:
  explicit TableBuilder(std::vector<Column> columns, Encoding encoding = Encoding::text);

  /// `payload` is the sum of the sizes of the row's cells: an upper bound, the rest is given back.
  /// \throws QueryError for 2 GiB and more.
  void begin_row(std::size_t payload);
  void add(std::string_view bytes);
  void add_null();
  /// Room for `size` bytes to be written by the caller, which then calls add_written() with how
  /// many it used.
  char* reserve(std::size_t size);
  void add_written(std::size_t size);
  void end_row();

  std::size_t row_count() const noexcept { return table_->rows.size(); }
  /// Bytes that the finished rows take; what a stream bounds its blocks by.
  std::size_t memory() const noexcept { return row_bytes_; }
  const std::vector<Column>& columns() const noexcept { return table_->columns; }
  /// The rows so far; the builder is then spent.
  ResultSet finish(std::uint64_t affected_rows);

 private:
  char* find_room(std::size_t bytes);
  char* add_block(std::size_t bytes);
  void end_cell(std::uint32_t flag);

  std::shared_ptr<Table> table_;
  char* free_ = nullptr;   // the first free byte of the newest shared block
  char* limit_ = nullptr;  // its end
  std::size_t next_block_bytes_;
  std::size_t row_bytes_ = 0;
  char* row_ = nullptr;        // the row being built
  char* row_limit_ = nullptr;  // the end of the room for it
  char* next_cell_ = nullptr;  // where the next cell goes
  std::size_t column_ = 0;
};

/// The result of a statement without rows.
ResultSet affected_only(std::uint64_t affected_rows);

}  // namespace flowdb::result
