#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <flowdb/value.hpp>

#include "backend/sqlserver/odbc.hpp"
#include "backend/sqlserver/odbc_drivers.hpp"

namespace flowdb::backend::sqlserver {

/// What a driver is told of a parameter.
struct ParameterType {
  SQLSMALLINT c_type = SQL_C_WCHAR;
  SQLSMALLINT sql_type = SQL_WVARCHAR;
  SQLULEN size = 1;  ///< 0: MAX
  SQLSMALLINT digits = 0;
};

/// A bound value in the form in which a driver takes it.
///
/// Types: integers as INT when they fit, else BIGINT; BIT, FLOAT, UNIQUEIDENTIFIER; DECIMAL with
/// the digits that the value has; text and JSON as NVARCHAR(4000) or NVARCHAR(MAX), bytes as
/// VARBINARY(8000) or VARBINARY(MAX). Dates and times as their ISO text: drivers count days wrongly
/// before 1600 and know no offset, so that the statement casts it (parameter_cast()). NULL as
/// NVARCHAR, where it cannot be written into the statement.
class Parameter {
 public:
  /// \throws InvalidArgument for what SQL Server has no type for: a list, NaN, an infinity, a
  /// decimal of more than 38 digits, a year outside of 1 to 9999.
  void assign(const Value& value, DriverFamily family);
  /// Binds it as the `number`th, 1-based; it must stay where it is until the statement is executed.
  SQLRETURN bind(SQLHSTMT statement, SQLUSMALLINT number);

  const ParameterType& type() const noexcept { return type_; }
  const void* data() const noexcept { return data_; }
  SQLLEN length() const noexcept { return length_; }  ///< SQL_NULL_DATA, or the value's bytes

 private:
  friend struct ParameterWriter;
  ParameterType type_;
  const void* data_ = nullptr;
  SQLLEN length_ = SQL_NULL_DATA;
  alignas(8) std::array<char, 16> fixed_{};
  std::u16string wide_;
  std::string narrow_;
};

/// How the place of the value must be written when its type says so: `CAST(? AS datetime2(7))`;
/// empty for a plain placeholder.
std::string_view parameter_cast(const Value& value) noexcept;

}  // namespace flowdb::backend::sqlserver
