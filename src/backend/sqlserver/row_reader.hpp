#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "backend/sqlserver/call.hpp"
#include "backend/sqlserver/column_plan.hpp"
#include "result/table.hpp"

namespace flowdb::backend::sqlserver {

/// Reads the rows of one result. Columns of bounded size are bound, many rows at a time. When one
/// is long (a MAX type, XML, sql_variant), rows come one by one and every column from the first
/// long one on is read in pieces: SQLGetData in a rowset of several rows gives the last row's
/// value for each.
class RowReader {
 public:
  /// `memory`: about how many bytes the bound buffers may take.
  RowReader(Call& call, std::vector<ColumnPlan> plan, std::size_t memory);
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  ~RowReader();

  std::vector<Column> columns() const;
  /// Appends the next block of rows; false when there are no more.
  bool append_block(result::TableBuilder& table);

 private:
  /// A column's buffer: one value for each row of the block, or one that grows.
  struct Buffer {
    std::unique_ptr<char[]> bytes;
    std::size_t capacity = 0;  // of the whole buffer
    std::size_t stride = 0;    // from one row's value to the next
    std::size_t limit = 0;     // the most bytes of a value that was not cut off
    std::vector<SQLLEN> lengths;
  };

  void bind(std::size_t memory);
  void append_row(result::TableBuilder& table, std::size_t row);
  std::size_t payload_of(std::size_t row) const;
  void read_unbound();
  void read_short(std::size_t column);
  void read_pieces(std::size_t column);
  void grow(Buffer& buffer, std::size_t used, std::size_t wanted);
  void check_statuses();
  [[noreturn]] void refuse_length(std::size_t column) const;

  Call& call_;
  std::vector<ColumnPlan> plan_;
  std::vector<Buffer> buffers_;
  std::size_t bound_columns_ = 0;  // the first so many
  std::size_t most_payload_ = 0;   // the most bytes that a row's bound cells take
  SQLULEN rows_per_block_ = 1;
  SQLULEN rows_fetched_ = 0;
  std::vector<SQLUSMALLINT> statuses_;
};

/// Reads one statement's answer to its end: its first result with columns, or how many rows were
/// changed.
ResultSet read_answer(Call& call);

}  // namespace flowdb::backend::sqlserver
