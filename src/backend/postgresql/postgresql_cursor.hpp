#pragma once

#include <vector>

#include "backend/connection.hpp"
#include "backend/postgresql/row_reader.hpp"
#include "backend/postgresql/statement_run.hpp"

namespace flowdb::backend::postgresql {

/// Rows as libpq hands them over one by one (single-row mode), gathered into blocks.
class PostgresqlCursor final : public Cursor {
 public:
  PostgresqlCursor(Link& link, StatementRun run);
  PostgresqlCursor(const PostgresqlCursor&) = delete;
  PostgresqlCursor& operator=(const PostgresqlCursor&) = delete;
  ~PostgresqlCursor() override;

  const std::vector<Column>& columns() const override { return columns_; }
  ResultSet next(const Deadline& deadline) override;

 private:
  Link& link_;
  StatementRun run_;
  ResultHandle ahead_;  // the first row of the next block
  std::vector<Column> columns_;
  RowReader reader_;
};

}  // namespace flowdb::backend::postgresql
