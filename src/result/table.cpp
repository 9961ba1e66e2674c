#include "result/table.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <flowdb/error.hpp>

namespace flowdb::result {
namespace {

constexpr std::size_t kSmallestBlock = std::size_t{1} << 10U;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20U;
// A row above this has a block to itself, so that it wastes nothing of the blocks that rows share.
constexpr std::size_t kLargestSharedRow = kLargestBlock / 4;
constexpr std::size_t kWord = sizeof(std::uint32_t);

// Rows begin at any address: words are copied in and out.
std::uint32_t word_at(const char* row, std::size_t column) noexcept {
  std::uint32_t word = 0;
  std::memcpy(&word, row + column * kWord, kWord);
  return word;
}

}  // namespace

CellView cell_at(const Table& table, const char* row, std::size_t column) noexcept {
  const auto word = word_at(row, column);
  if ((word & kNullBit) != 0) {
    return {{}, true};
  }
  const auto begin = column == 0 ? 0 : word_at(row, column - 1) & ~kNullBit;
  const char* const cells = row + table.columns.size() * kWord;
  return {{cells + begin, word - begin}, false};
}

TableBuilder::TableBuilder(std::vector<Column> columns, Encoding encoding)
    : table_(std::make_shared<Table>()), next_block_bytes_(kSmallestBlock) {
  table_->columns = std::move(columns);
  table_->encoding = encoding;
}

void TableBuilder::begin_row(std::size_t payload) {
  if (payload >= kNullBit) {
    throw QueryError(
        "a row of the result is 2 GiB or larger, which flowdb cannot hold: select fewer or smaller "
        "columns");
  }
  const auto words = table_->columns.size() * kWord;
  row_ = find_room(words + payload);
  next_cell_ = row_ + words;
  row_limit_ = next_cell_ + payload;
  column_ = 0;
}

char* TableBuilder::find_room(std::size_t bytes) {
  if (bytes <= static_cast<std::size_t>(limit_ - free_)) {
    return free_;
  }
  if (bytes > kLargestSharedRow) {
    return add_block(bytes);
  }
  while (next_block_bytes_ < bytes) {
    next_block_bytes_ *= 2;
  }
  free_ = add_block(next_block_bytes_);
  limit_ = free_ + next_block_bytes_;
  next_block_bytes_ = std::min(2 * next_block_bytes_, kLargestBlock);
  return free_;
}

char* TableBuilder::add_block(std::size_t bytes) {
  table_->blocks.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  return table_->blocks.back().get();
}

void TableBuilder::add(std::string_view bytes) {
  char* const room = reserve(bytes.size());
  if (!bytes.empty()) {
    std::memcpy(room, bytes.data(), bytes.size());
  }
  add_written(bytes.size());
}

void TableBuilder::add_null() {
  end_cell(kNullBit);
}

char* TableBuilder::reserve(std::size_t size) {
  if (size > static_cast<std::size_t>(row_limit_ - next_cell_)) {
    throw std::logic_error("the cells of a row are larger than begin_row() was told");
  }
  return next_cell_;
}

void TableBuilder::add_written(std::size_t size) {
  next_cell_ = reserve(size) + size;
  end_cell(0);
}

void TableBuilder::end_cell(std::uint32_t flag) {
  const auto columns = table_->columns.size();
  if (row_ == nullptr || column_ == columns) {
    throw std::logic_error("a row has more cells than the result has columns");
  }
  const auto word = static_cast<std::uint32_t>(next_cell_ - (row_ + columns * kWord)) | flag;
  std::memcpy(row_ + column_ * kWord, &word, kWord);
  ++column_;
}

void TableBuilder::end_row() {
  if (column_ != table_->columns.size()) {
    throw std::logic_error("a row has fewer cells than the result has columns");
  }
  table_->rows.push_back(row_);
  row_bytes_ += static_cast<std::size_t>(next_cell_ - row_) + sizeof(const char*);
  if (row_ == free_) {
    free_ = next_cell_;
  }
  row_ = nullptr;
  row_limit_ = next_cell_;
}

ResultSet TableBuilder::finish(std::uint64_t affected_rows) {
  table_->affected_rows = affected_rows;
  return ResultSet{std::move(table_)};
}

ResultSet affected_only(std::uint64_t affected_rows) {
  return TableBuilder{{}}.finish(affected_rows);
}

}  // namespace flowdb::result
