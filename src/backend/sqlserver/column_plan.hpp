#pragma once

#include <cstddef>
#include <vector>

#include <flowdb/result_set.hpp>

#include "backend/sqlserver/call.hpp"
#include "backend/sqlserver/odbc.hpp"

namespace flowdb::backend::sqlserver {

/// How the bytes in a driver's buffer become a cell.
enum class CellForm {
  text,  ///< UTF-16
  bytes,
  bit,
  integer,  ///< 64 bits
  float32,
  float64,
  decimal,  ///< ASCII
  date,
  time,
  timestamp,
  timestamp_tz,
  uuid,
};

/// How one column of a result is fetched.
struct ColumnPlan {
  Column column;
  CellForm form = CellForm::text;
  SQLSMALLINT c_type = SQL_C_WCHAR;
  /// Bytes of the buffer for one value; 0: of no useful bound, read in pieces.
  std::size_t buffer_bytes = 0;
  int fraction_digits = 7;  ///< of a timestamp

  bool is_long() const noexcept { return buffer_bytes == 0; }
};

/// The columns of the result that `call` stands at; empty when it has none.
std::vector<ColumnPlan> plan_columns(Call& call);

}  // namespace flowdb::backend::sqlserver
