#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "backend/connection.hpp"
#include "backend/sqlserver/row_reader.hpp"

namespace flowdb::backend::sqlserver {

/// Rows in blocks, as the driver reads them from the socket; a deadline for each.
class SqlserverCursor final : public Cursor {
 public:
  /// Called when the last row has been read and the statement is closed; may be empty.
  using AtEnd = std::function<void(const Deadline&)>;
  /// `call` has been executed.
  explicit SqlserverCursor(std::unique_ptr<Call> call, AtEnd at_end = {});

  const std::vector<Column>& columns() const override { return columns_; }
  ResultSet next(const Deadline& deadline) override;

 private:
  void end(const Deadline& deadline);

  std::unique_ptr<Call> call_;
  std::unique_ptr<RowReader> reader_;  // destroyed before the call
  std::vector<Column> columns_;
  AtEnd at_end_;
};

}  // namespace flowdb::backend::sqlserver
