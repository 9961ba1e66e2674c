#include "backend/sqlserver/sqlserver_cursor.hpp"

#include <cstddef>
#include <utility>

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;

}  // namespace

SqlserverCursor::SqlserverCursor(std::unique_ptr<Call> call) : call_(std::move(call)) {
  bool more = true;
  auto plan = plan_columns(*call_);
  while (plan.empty() && more) {  // counts that a procedure's statements leave
    more = call_->next_result();
    plan = more ? plan_columns(*call_) : std::move(plan);
  }
  if (!plan.empty()) {
    reader_ = std::make_unique<RowReader>(*call_, std::move(plan), kBlockBytes);
    columns_ = reader_->columns();
  }
  call_->pause();
}

ResultSet SqlserverCursor::next(const Deadline& deadline) {
  result::TableBuilder block{columns_};
  if (reader_ != nullptr) {
    call_->resume(deadline);
    bool more = true;
    while (more && block.memory() < kBlockBytes) {
      more = reader_->append_block(block);
    }
    if (!more) {
      call_->finish();  // an error behind the last row counts
      reader_.reset();
    }
    call_->pause();
  }
  const auto rows = block.row_count();
  return block.finish(rows);
}

}  // namespace flowdb::backend::sqlserver
