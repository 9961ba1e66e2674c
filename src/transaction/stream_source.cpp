#include "transaction/stream_source.hpp"

#include <utility>

#include "core/deadline.hpp"
#include "transaction/failure_naming.hpp"

namespace flowdb {
namespace {

std::shared_ptr<const sql::ParsedStatement> parsed(Engine& engine, const config::Settings& settings,
                                                   std::string_view sql) {
  OperationRecord record{settings, engine.metrics(), "stream_query", {}, 1};
  try {
    return engine.statements().get(sql);
  } catch (...) {
    record.failed();
    rethrow_naming_database(settings.database_name);
  }
}

}  // namespace

RowStream::Source::Source(Executor& executor, const config::Settings& settings,
                          std::string_view sql, const Params& params, const Streaming& streaming,
                          const Caller& caller)
    : engine_(executor.shared_engine()),
      statement_(parsed(*engine_, settings, sql)),
      params_(params),
      timeout_(streaming.timeout),
      end_record_(engine_->metrics(), {}, "stream_query_end", statement_->fingerprint(), 1) {
  OperationRecord record{settings, engine_->metrics(), "stream_query", statement_->fingerprint(),
                         1};
  try {
    check_timeout(timeout_, settings.database_name);
    const auto deadline = Deadline::after(streaming.opening);
    lease_ = executor.acquire(deadline, caller, &statement_->fingerprint());
    // The server enforces no limit: the deadline is per block, and the client keeps it.
    const std::chrono::milliseconds no_limit{0};
    if (streaming.in_read_only_transaction) {
      lease_->begin({.read_only = true}, no_limit, deadline);  // the pool rolls it back
    }
    cursor_ = lease_->open_cursor({*statement_, params_, no_limit}, deadline);
    lease_.rest();
    record.succeeded(0);
  } catch (...) {
    record.failed(caller.patience.has_value());
    rethrow_naming_database(settings.database_name);
  }
}

RowStream::Source::~Source() {
  if (!lease_.is_in_own_process()) {
    static_cast<void>(cursor_.release());  // it would read the parent's answer to its end
  } else if (!failed_) {
    end_record_.succeeded(rows_);
  }
}

ResultSet RowStream::Source::next() {
  try {
    const auto deadline = Deadline::after(timeout_);
    lease_.set_deadline(deadline);  // for the return of the connection after the last block
    static_cast<void>(*lease_);     // not in a child process: the answer is the parent's
    lease_.run_again();
    auto block = cursor_->next(deadline);
    lease_.rest();
    rows_ += block.size();
    return block;
  } catch (...) {
    failed_ = true;
    end_record_.failed();
    throw;
  }
}

RowStream::RowStream(std::unique_ptr<Source> source)
    : source_(std::move(source)), columns_(source_->columns()) {
  load_block();
}
RowStream::RowStream(RowStream&&) noexcept = default;
RowStream& RowStream::operator=(RowStream&&) noexcept = default;
RowStream::~RowStream() = default;

const std::vector<Column>& RowStream::columns() const noexcept {
  return columns_;
}

Row RowStream::current() const {
  return block_[index_];
}

void RowStream::advance() {
  if (++index_ == block_.size()) {
    load_block();
  }
}

void RowStream::load_block() {
  at_end_ = true;  // also after a failure: no row comes twice
  block_ = source_->next();
  index_ = 0;
  at_end_ = block_.empty();
  if (at_end_) {
    source_.reset();
  }
}

}  // namespace flowdb
