#include "testing/mock_cursor.hpp"

#include "result/encoding.hpp"
#include "result/table.hpp"

namespace flowdb::testing {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;

void append(const Row& row, result::TableBuilder& table) {
  std::size_t payload = 0;
  for (std::size_t index = 0; index < row.size(); ++index) {
    payload += result::raw_of(row[index]).size();
  }
  table.begin_row(payload);
  for (std::size_t index = 0; index < row.size(); ++index) {
    const auto cell = row[index];
    if (cell.is_null()) {
      table.add_null();
    } else {
      table.add(result::raw_of(cell));
    }
  }
  table.end_row();
}

result::Encoding encoding_of(const ResultSet& rows) {
  const bool has_cells = !rows.empty() && !rows.columns().empty();
  return has_cells ? CellAccess::encoding(rows[0][0]) : result::Encoding::text;
}

}  // namespace

ResultSet MockCursor::next(const Deadline&) {
  result::TableBuilder block{rows_.columns(), encoding_of(rows_)};
  while (next_row_ < rows_.size() && block.memory() < kBlockBytes) {
    append(rows_[next_row_], block);
    ++next_row_;
  }
  return block.finish(block.row_count());
}

}  // namespace flowdb::testing
