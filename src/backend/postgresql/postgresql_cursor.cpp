#include "backend/postgresql/postgresql_cursor.hpp"

#include <chrono>
#include <cstddef>
#include <utility>

#include "backend/postgresql/column_types.hpp"

namespace flowdb::backend::postgresql {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
/// What is left of an answer that nobody wants is read for so long; then the connection is given
/// up.
constexpr std::chrono::milliseconds kDrainTime{5};

}  // namespace

PostgresqlCursor::PostgresqlCursor(Link& link, StatementRun run)
    : link_(link), run_(std::move(run)), ahead_(run_.next()) {
  if (ahead_ != nullptr) {
    columns_ = columns_of(ahead_.get());
    reader_ = RowReader{ahead_.get(), columns_};
  }
}

PostgresqlCursor::~PostgresqlCursor() {
  if (PQtransactionStatus(link_.handle) == PQTRANS_ACTIVE) {
    Wire{link_.handle}.drain(Deadline::after(kDrainTime));
  }
}

ResultSet PostgresqlCursor::next(const Deadline& deadline) {
  run_.set_deadline(deadline);
  result::TableBuilder block{columns_, reader_.encoding()};
  while (ahead_ != nullptr && block.memory() < kBlockBytes) {
    reader_.append(ahead_.get(), block);
    ahead_ = run_.next();
  }
  return block.finish(block.row_count());
}

}  // namespace flowdb::backend::postgresql
