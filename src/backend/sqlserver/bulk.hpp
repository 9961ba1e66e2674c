#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/sqlserver/call.hpp"
#include "backend/sqlserver/odbc_drivers.hpp"

namespace flowdb::backend::sqlserver {

/// Loads rows by INSERT … VALUES of several rows each, prepared once and sent with many parameter
/// sets at once. (FreeTDS's bulk copy loads nothing, and says that it did.)
class BulkInsert {
 public:
  /// \throws InvalidArgument for a row that has not as many values as there are columns, or a text
  /// with a NUL; names the row. The arguments must outlive the object.
  BulkInsert(std::string_view table, const std::vector<std::string>& columns,
             const std::vector<std::vector<Value>>& rows, DriverFamily family);

  /// One statement, which is all or nothing by itself.
  bool is_one_statement() const noexcept { return rows_.size() <= 1; }
  /// The number of rows loaded.
  std::uint64_t run(Link& link, const ErrorContext& context, Effect effect,
                    const Deadline& deadline);

 private:
  std::size_t end_of_run(std::size_t begin);
  bool joins_run(const std::vector<Value>& row);
  void load(std::size_t begin, std::size_t end, std::size_t rows_per_set, Call& call);
  std::string statement_text(std::size_t rows) const;

  const std::vector<std::vector<Value>>& rows_;
  DriverFamily family_;
  std::string head_;
  std::vector<const Value*> common_;  // of a run: a value of each column, not NULL where one is
};

}  // namespace flowdb::backend::sqlserver
