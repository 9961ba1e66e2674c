#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "backend/connection.hpp"

namespace flowdb::testing {

/// A scripted result in blocks of the size that a server's would have.
class MockCursor final : public backend::Cursor {
 public:
  /// `is_open` is true while there are rows left to read.
  MockCursor(ResultSet rows, bool& is_open);
  MockCursor(const MockCursor&) = delete;
  MockCursor& operator=(const MockCursor&) = delete;
  ~MockCursor() override { is_open_ = false; }

  const std::vector<Column>& columns() const override { return rows_.columns(); }
  ResultSet next(const Deadline& deadline) override;

 private:
  ResultSet rows_;
  bool& is_open_;
  std::size_t next_row_ = 0;
};

}  // namespace flowdb::testing
