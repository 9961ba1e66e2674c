#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <flowdb/result_set.hpp>

#include "result/block.hpp"
#include "result/encoding.hpp"
#include "result/row_index.hpp"

namespace flowdb::result {

/// The storage behind a ResultSet. A row lies in one piece in a block of memory: a byte that says
/// how wide the words behind it are; a word for each column, the end of its cell, counted from the
/// end of the words, whose top bit marks NULL; then the cells' bytes. Words are as narrow as the
/// row's size allows, 1, 2 or 4 bytes, so that a cell costs little beside its data, and reading it
/// touches one place.
struct Table {
  std::vector<Column> columns;
  RowIndex rows;
  std::vector<Block> blocks;
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
///
/// For those who have many cells to write and know that they fit, the same without a look at each:
///
///     auto cells = builder.begin_cells(sum_of_cell_sizes);
///     cells.add_until(write(cells.next())); cells.add_null(); …
///     builder.end_row(cells);
class TableBuilder {
 public:
  /// Writes the cells of one row.
  class Cells {
   public:
    char* next() const noexcept { return next_; }  ///< where the next cell's bytes go
    void add_until(char* end) noexcept {
      next_ = end;
      *end_++ = static_cast<std::uint32_t>(end - begin_);
    }
    void add_null() noexcept { *end_++ = static_cast<std::uint32_t>(next_ - begin_) | kNullBit; }

   private:
    friend class TableBuilder;
    Cells(char* begin, std::uint32_t* ends) noexcept : begin_(begin), next_(begin), end_(ends) {}
    char* begin_;
    char* next_;
    std::uint32_t* end_;
  };

  explicit TableBuilder(std::vector<Column> columns, Encoding encoding = Encoding::text);

  /// `payload` is the sum of the sizes of the row's cells: an upper bound, the rest is given back.
  /// \throws QueryError for 2 GiB and more.
  void begin_row(std::size_t payload);
  /// The same; the caller sees to it that there are as many cells as columns, and no more bytes
  /// than it has said.
  Cells begin_cells(std::size_t payload) {
    begin_row(payload);
    return {cells_, ends_.data()};
  }
  void end_row(const Cells& cells);
  void add(std::string_view bytes);
  void add_null() { end_cell(kNullBit); }
  /// Room for `size` bytes to be written by the caller, which then calls add_written() with how
  /// many it used.
  char* reserve(std::size_t size) {
    if (size > static_cast<std::size_t>(row_limit_ - next_cell_)) {
      refuse_size();
    }
    return next_cell_;
  }
  void add_written(std::size_t size) {
    next_cell_ = reserve(size) + size;
    end_cell(0);
  }
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
  void end_cell(std::uint32_t flag) {
    if (row_ == nullptr || column_ == ends_.size()) {
      refuse_cell();
    }
    ends_[column_++] = static_cast<std::uint32_t>(next_cell_ - cells_) | flag;
  }
  [[noreturn]] static void refuse_size();
  [[noreturn]] static void refuse_cell();
  void write_words();

  std::shared_ptr<Table> table_;
  char* free_ = nullptr;   // the first free byte of the newest shared block
  char* limit_ = nullptr;  // its end
  std::size_t next_block_bytes_;
  std::size_t shared_bytes_ = 0;  // of the blocks that rows share
  std::size_t row_bytes_ = 0;
  char* row_ = nullptr;        // the row being built
  char* row_limit_ = nullptr;  // the end of the room for it
  char* cells_ = nullptr;      // its first cell, behind room for words of `width_`
  char* next_cell_ = nullptr;  // where the next cell goes
  std::size_t width_ = 0;
  std::vector<std::uint32_t> ends_;  // of its cells, as words of 4 bytes
  std::size_t column_ = 0;
};

/// The result of a statement without rows.
ResultSet affected_only(std::uint64_t affected_rows);

}  // namespace flowdb::result
