#include "backend/sqlserver/sqlserver_cursor.hpp"

#include <cstddef>
#include <utility>

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;

}  // namespace

SqlserverCursor::SqlserverCursor(std::unique_ptr<Call> call, AtEnd at_end)
    : call_(std::move(call)), at_end_(std::move(at_end)) {
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
  if (call_ != nullptr) {
    call_->resume(deadline);
    bool more = reader_ != nullptr;
    while (more && block.memory() < kBlockBytes) {
      more = reader_->append_block(block);
    }
    more ? call_->pause() : end(deadline);
  }
  const auto rows = block.row_count();
  return block.finish(rows);
}

/// An error behind the last row counts.
void SqlserverCursor::end(const Deadline& deadline) {
  if (reader_ != nullptr) {
    call_->finish();
  }
  call_->pause();
  reader_.reset();
  call_.reset();
  if (at_end_) {
    at_end_(deadline);
  }
}

}  // namespace flowdb::backend::sqlserver
