#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "backend/connection.hpp"

namespace flowdb::testing {

/// A scripted result in blocks of the size that a server's would have.
class MockCursor final : public backend::Cursor {
 public:
  explicit MockCursor(ResultSet rows) : rows_(std::move(rows)) {}

  const std::vector<Column>& columns() const override { return rows_.columns(); }
  ResultSet next(const Deadline& deadline) override;

 private:
  ResultSet rows_;
  std::size_t next_row_ = 0;
};

}  // namespace flowdb::testing
