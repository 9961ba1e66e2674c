#include "backend/sqlserver/row_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <flowdb/error.hpp>

#include "backend/sqlserver/cell_text.hpp"
#include "backend/sqlserver/utf16.hpp"

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::size_t kMostRowsPerBlock = 128;
constexpr std::size_t kAnswerMemory = std::size_t{256} << 10U;
constexpr std::size_t kFirstPiece = std::size_t{16} << 10U;
/// From this size on the cell's exact size is worth counting beforehand.
constexpr std::size_t kLargeCell = std::size_t{16} << 10U;
/// A row that cannot take more is given as much room without looking at its values.
constexpr std::size_t kSmallPayload = std::size_t{8} << 10U;
constexpr std::size_t kLongestValue = std::numeric_limits<std::size_t>::max() / 2;

std::size_t cell_bytes(const ColumnPlan& plan, const char* value, std::size_t bytes) {
  if (plan.form == CellForm::text && bytes >= kLargeCell) {
    return utf8_size(reinterpret_cast<const char16_t*>(value), bytes / sizeof(char16_t));
  }
  return most_cell_bytes(plan.form, bytes);
}

/// Bytes that the driver adds behind a value.
std::size_t terminator(const ColumnPlan& plan) {
  return plan.form == CellForm::text ? sizeof(SQLWCHAR) : plan.form == CellForm::decimal ? 1 : 0;
}

}  // namespace

RowReader::RowReader(Call& call, std::vector<ColumnPlan> plan, std::size_t memory)
    : call_(call), plan_(std::move(plan)), buffers_(plan_.size()) {
  const auto first_long =
      std::find_if(plan_.begin(), plan_.end(), [](const auto& column) { return column.is_long(); });
  bound_columns_ = static_cast<std::size_t>(first_long - plan_.begin());
  for (std::size_t i = 0; i < bound_columns_; ++i) {
    most_payload_ += most_cell_bytes(plan_[i].form, plan_[i].buffer_bytes);
  }
  bind(memory);
}

RowReader::~RowReader() {
  forget_arrays(call_.statement());
}

std::vector<Column> RowReader::columns() const {
  std::vector<Column> columns;
  for (const auto& column : plan_) {
    columns.push_back(column.column);
  }
  return columns;
}

void RowReader::bind(std::size_t memory) {
  if (bound_columns_ == plan_.size()) {
    std::size_t row = 0;
    for (const auto& column : plan_) {
      row += column.buffer_bytes + sizeof(SQLLEN);
    }
    rows_per_block_ = std::clamp<std::size_t>(memory / row, 1, kMostRowsPerBlock);
  }
  statuses_.resize(rows_per_block_);
  const auto statement = call_.statement();
  const auto set = [&](SQLINTEGER attribute, SQLPOINTER value) {
    call_.check(SQLSetStmtAttr(statement, attribute, value, 0));
  };
  set(SQL_ATTR_ROW_ARRAY_SIZE, as_pointer(rows_per_block_));
  set(SQL_ATTR_ROWS_FETCHED_PTR, &rows_fetched_);
  set(SQL_ATTR_ROW_STATUS_PTR, statuses_.data());
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    auto& buffer = buffers_[i];
    const bool is_bound = i < bound_columns_;
    buffer.capacity = is_bound ? plan_[i].buffer_bytes * rows_per_block_
                               : std::max(plan_[i].buffer_bytes, kFirstPiece);
    buffer.stride = plan_[i].buffer_bytes;
    buffer.limit = is_bound ? plan_[i].buffer_bytes - terminator(plan_[i]) : kLongestValue;
    buffer.bytes = std::make_unique_for_overwrite<char[]>(buffer.capacity);
    buffer.lengths.resize(rows_per_block_);
    if (is_bound) {
      call_.check(SQLBindCol(statement, static_cast<SQLUSMALLINT>(i + 1), plan_[i].c_type,
                             buffer.bytes.get(), static_cast<SQLLEN>(plan_[i].buffer_bytes),
                             buffer.lengths.data()));
    }
  }
}

bool RowReader::append_block(result::TableBuilder& table) {
  rows_fetched_ = 0;
  if (!call_.fetch()) {
    return false;
  }
  check_statuses();
  if (bound_columns_ < plan_.size()) {
    read_unbound();
  }
  for (std::size_t row = 0; row < rows_fetched_; ++row) {
    append_row(table, row);
  }
  return true;
}

/// A row that could not be converted is an error even where the block as a whole is none.
void RowReader::check_statuses() {
  const auto end = statuses_.begin() + static_cast<std::ptrdiff_t>(rows_fetched_);
  if (std::find(statuses_.begin(), end, SQL_ROW_ERROR) != end) {
    call_.check(SQL_ERROR);
  }
}

void RowReader::append_row(result::TableBuilder& table, std::size_t row) {
  const bool is_small = bound_columns_ == plan_.size() && most_payload_ <= kSmallPayload;
  auto cells = table.begin_cells(is_small ? most_payload_ : payload_of(row));
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    const auto& buffer = buffers_[i];
    if (buffer.lengths[row] == SQL_NULL_DATA) {
      cells.add_null();
      continue;
    }
    // A negative length is above every limit.
    const auto bytes = static_cast<std::size_t>(buffer.lengths[row]);
    if (bytes > buffer.limit) {
      refuse_length(i);
    }
    cells.add_until(
        write_cell(plan_[i], buffer.bytes.get() + row * buffer.stride, bytes, cells.next()));
  }
  table.end_row(cells);
}

/// The most bytes that the cells of this row take.
std::size_t RowReader::payload_of(std::size_t row) const {
  std::size_t payload = 0;
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    const auto& buffer = buffers_[i];
    const auto bytes = static_cast<std::size_t>(buffer.lengths[row]);
    if (bytes <= buffer.limit) {
      payload += cell_bytes(plan_[i], buffer.bytes.get() + row * buffer.stride, bytes);
    }
  }
  return payload;
}

/// Some drivers cut such a value off silently.
void RowReader::refuse_length(std::size_t column) const {
  const auto& name = call_.context().database_name;
  throw QueryError(name + ": column '" + plan_[column].column.name +
                       "' holds a value longer than the driver said: cast it to a MAX type",
                   {.database_name = name, .phase = Phase::sent});
}

void RowReader::read_unbound() {
  for (std::size_t i = bound_columns_; i < plan_.size(); ++i) {
    if (plan_[i].is_long()) {
      read_pieces(i);
    } else {
      read_short(i);
    }
  }
}

void RowReader::read_short(std::size_t column) {
  auto& buffer = buffers_[column];
  call_.check(SQLGetData(call_.statement(), static_cast<SQLUSMALLINT>(column + 1),
                         plan_[column].c_type, buffer.bytes.get(),
                         static_cast<SQLLEN>(buffer.capacity), buffer.lengths.data()));
}

void RowReader::read_pieces(std::size_t column) {
  auto& buffer = buffers_[column];
  const auto& plan = plan_[column];
  std::size_t used = 0;
  for (;;) {
    SQLLEN length = 0;
    const auto room = buffer.capacity - used;
    const bool any = call_.check(
        SQLGetData(call_.statement(), static_cast<SQLUSMALLINT>(column + 1), plan.c_type,
                   buffer.bytes.get() + used, static_cast<SQLLEN>(room), &length));
    if (length == SQL_NULL_DATA) {
      buffer.lengths.front() = SQL_NULL_DATA;
      return;
    }
    if (!any) {
      break;
    }
    // What the driver has written is all of it, or as much as there was room for.
    const bool is_last =
        length != SQL_NO_TOTAL && static_cast<std::size_t>(length) + terminator(plan) <= room;
    if (is_last) {
      used += static_cast<std::size_t>(length);
      break;
    }
    used += room - terminator(plan);
    const auto left = length == SQL_NO_TOTAL ? used : static_cast<std::size_t>(length) - room;
    grow(buffer, used, used + left + kFirstPiece);
  }
  buffer.lengths.front() = static_cast<SQLLEN>(used);
}

void RowReader::grow(Buffer& buffer, std::size_t used, std::size_t wanted) {
  if (wanted <= buffer.capacity) {
    return;
  }
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);
  std::memcpy(larger.get(), buffer.bytes.get(), used);
  buffer.bytes = std::move(larger);
  buffer.capacity = wanted;
}

ResultSet read_answer(Call& call) {
  std::optional<result::TableBuilder> table;
  std::uint64_t affected = 0;
  do {
    auto plan = plan_columns(call);
    if (plan.empty()) {
      SQLLEN count = -1;
      call.check(SQLRowCount(call.statement(), &count));
      affected = count >= 0 ? static_cast<std::uint64_t>(count) : affected;
    } else if (!table) {
      RowReader reader{call, std::move(plan), kAnswerMemory};
      table.emplace(reader.columns());
      while (reader.append_block(*table)) {
      }
    }
  } while (call.next_result());
  if (table) {
    const auto rows = table->row_count();
    return table->finish(rows);
  }
  return result::affected_only(affected);
}

}  // namespace flowdb::backend::sqlserver
