#pragma once

#include <cstdint>

// sql.h defines types and macros that nothing outside of this folder should see.
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

namespace flowdb::backend::sqlserver {

static_assert(sizeof(SQLWCHAR) == 2, "flowdb speaks UTF-16 with the driver manager");

/// What SQL Server's drivers add to ODBC's types.
/// https://learn.microsoft.com/en-us/sql/relational-databases/native-client-odbc-date-time/
inline constexpr SQLSMALLINT kSqlVariant = -150;
inline constexpr SQLSMALLINT kSqlUserType = -151;
inline constexpr SQLSMALLINT kSqlXml = -152;
inline constexpr SQLSMALLINT kSqlTime2 = -154;
inline constexpr SQLSMALLINT kSqlTimestampOffset = -155;
/// The line of the batch that a message is about.
inline constexpr SQLSMALLINT kDiagnosticLine = -1154;

/// What both families of drivers write for these types when asked for binary.
struct Time2 {
  SQLUSMALLINT hour;
  SQLUSMALLINT minute;
  SQLUSMALLINT second;
  SQLUINTEGER fraction;  ///< nanoseconds
};
struct TimestampOffset {
  SQLSMALLINT year;
  SQLUSMALLINT month;
  SQLUSMALLINT day;
  SQLUSMALLINT hour;
  SQLUSMALLINT minute;
  SQLUSMALLINT second;
  SQLUINTEGER fraction;  ///< nanoseconds
  SQLSMALLINT offset_hours;
  SQLSMALLINT offset_minutes;
};
static_assert(sizeof(Time2) == 12 && sizeof(TimestampOffset) == 20);

/// The integer that ODBC wants in place of a pointer.
inline SQLPOINTER as_pointer(std::uintptr_t number) noexcept {
  return reinterpret_cast<SQLPOINTER>(number);
}

}  // namespace flowdb::backend::sqlserver
