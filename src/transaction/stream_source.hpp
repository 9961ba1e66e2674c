#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/row_stream.hpp>
#include <flowdb/value.hpp>

#include "backend/connection.hpp"
#include "pool/pool.hpp"
#include "sql/statement.hpp"
#include "transaction/engine.hpp"
#include "transaction/executor.hpp"
#include "transaction/operation_record.hpp"

namespace flowdb {

/// What a RowStream reads from: everything that the cursor refers to, in the order in which it must
/// be destroyed (the cursor first, then the lease, then what they use).
class RowStream::Source {
 public:
  Source(Executor& executor, const config::Settings& settings, std::string_view sql,
         const Params& params, const Streaming& streaming, const Caller& caller);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source();

  const std::vector<Column>& columns() const { return cursor_->columns(); }
  /// The next block; empty at the end, and then the connection has gone back.
  ResultSet next();

 private:
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<const sql::ParsedStatement> statement_;
  Params params_;
  std::chrono::milliseconds timeout_;
  OperationRecord end_record_;
  std::uint64_t rows_ = 0;
  bool failed_ = false;
  pool::Lease lease_;
  std::unique_ptr<backend::Cursor> cursor_;
};

}  // namespace flowdb
