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
// From here on blocks are huge pages, of which the last may stay empty for the most part.
constexpr std::size_t kWorthHugePages = std::size_t{3} << 20U;
// A row above this has a block to itself, so that it wastes nothing of the blocks that rows share.
constexpr std::size_t kLargestSharedRow = kLargestBlock / 4;
constexpr std::size_t kWidthByte = 1;

/// Bytes of a word that can count so many, beside the bit for NULL.
std::size_t width_for(std::size_t payload) noexcept {
  return payload < 0x80 ? 1 : payload < 0x8000 ? 2 : 4;
}

// Rows begin at any address: words are copied in and out.
template <class Word>
void write_as(const std::vector<std::uint32_t>& ends, char* to) noexcept {
  constexpr unsigned kShift = 8 * (sizeof(std::uint32_t) - sizeof(Word));
  for (const auto end : ends) {
    const auto word = static_cast<Word>(end | end >> kShift);  // NULL's bit on top again
    std::memcpy(to, &word, sizeof(Word));
    to += sizeof(Word);
  }
}

template <class Word>
CellView view(const char* words, std::size_t columns, std::size_t column) noexcept {
  constexpr auto kNull = static_cast<Word>(kNullBit >> 8 * (sizeof(kNullBit) - sizeof(Word)));
  const auto word_at = [words](std::size_t index) {
    Word word = 0;
    std::memcpy(&word, words + index * sizeof(Word), sizeof(Word));
    return word;
  };
  const auto word = word_at(column);
  if ((word & kNull) != 0) {
    return {{}, true};
  }
  const std::size_t begin =
      column == 0 ? 0 : std::size_t{word_at(column - 1)} & ~std::size_t{kNull};
  return {{words + columns * sizeof(Word) + begin, word - begin}, false};
}

}  // namespace

CellView cell_at(const Table& table, const char* row, std::size_t column) noexcept {
  const char* const words = row + kWidthByte;
  switch (*row) {
    case 1:
      return view<std::uint8_t>(words, table.columns.size(), column);
    case 2:
      return view<std::uint16_t>(words, table.columns.size(), column);
    default:
      return view<std::uint32_t>(words, table.columns.size(), column);
  }
}

TableBuilder::TableBuilder(std::vector<Column> columns, Encoding encoding)
    : table_(std::make_shared<Table>()), next_block_bytes_(kSmallestBlock) {
  table_->columns = std::move(columns);
  table_->encoding = encoding;
  ends_.resize(table_->columns.size());
}

void TableBuilder::begin_row(std::size_t payload) {
  if (payload >= kNullBit) {
    throw QueryError(
        "a row of the result is 2 GiB or larger, which flowdb cannot hold: select fewer or smaller "
        "columns");
  }
  width_ = width_for(payload);
  const auto head = kWidthByte + ends_.size() * width_;
  row_ = find_room(head + payload);
  cells_ = row_ + head;
  next_cell_ = cells_;
  row_limit_ = cells_ + payload;
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
  const auto size = shared_bytes_ >= kWorthHugePages ? kHugePage : next_block_bytes_;
  free_ = add_block(size);
  limit_ = free_ + size;
  shared_bytes_ += size;
  next_block_bytes_ = std::min(2 * next_block_bytes_, kLargestBlock);
  return free_;
}

char* TableBuilder::add_block(std::size_t bytes) {
  table_->blocks.push_back(make_block(bytes));
  return table_->blocks.back().get();
}

void TableBuilder::add(std::string_view bytes) {
  char* const room = reserve(bytes.size());
  if (!bytes.empty()) {
    std::memcpy(room, bytes.data(), bytes.size());
  }
  add_written(bytes.size());
}

void TableBuilder::refuse_size() {
  throw std::logic_error("the cells of a row are larger than begin_row() was told");
}

void TableBuilder::refuse_cell() {
  throw std::logic_error("a row has more cells than the result has columns");
}

void TableBuilder::end_row() {
  if (column_ != ends_.size()) {
    throw std::logic_error("a row has fewer cells than the result has columns");
  }
  write_words();
  table_->rows.push_back(row_);
  row_bytes_ += static_cast<std::size_t>(next_cell_ - row_) + sizeof(const char*);
  if (row_ == free_) {
    free_ = next_cell_;
  }
  row_ = nullptr;
  row_limit_ = next_cell_;
}

void TableBuilder::end_row(const Cells& cells) {
  if (cells.next_ > row_limit_) {
    refuse_size();
  }
  column_ = static_cast<std::size_t>(cells.end_ - ends_.data());
  next_cell_ = cells.next_;
  end_row();
}

/// Before the cells, which close up when the row has become so much smaller than it might have
/// been that narrower words will do.
void TableBuilder::write_words() {
  const auto size = static_cast<std::size_t>(next_cell_ - cells_);
  if (const auto width = width_for(size); width < width_) {
    char* const closer = row_ + kWidthByte + ends_.size() * width;
    std::memmove(closer, cells_, size);
    next_cell_ = closer + size;
    width_ = width;
  }
  *row_ = static_cast<char>(width_);
  char* const words = row_ + kWidthByte;
  switch (width_) {
    case 1:
      return write_as<std::uint8_t>(ends_, words);
    case 2:
      return write_as<std::uint16_t>(ends_, words);
    default:
      return write_as<std::uint32_t>(ends_, words);
  }
}

ResultSet TableBuilder::finish(std::uint64_t affected_rows) {
  table_->affected_rows = affected_rows;
  return ResultSet{std::move(table_)};
}

ResultSet affected_only(std::uint64_t affected_rows) {
  return TableBuilder{{}}.finish(affected_rows);
}

}  // namespace flowdb::result
