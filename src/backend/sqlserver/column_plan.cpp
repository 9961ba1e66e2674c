#include "backend/sqlserver/column_plan.hpp"

#include <array>
#include <string>

#include "backend/sqlserver/utf16.hpp"

namespace flowdb::backend::sqlserver {
namespace {

constexpr SQLULEN kLongestBoundText = 8000;  // of varchar(n); anything above is a MAX type
constexpr std::size_t kDecimalBytes = 48;    // 38 digits, sign, point, zero, NUL

struct Described {
  std::string name;
  SQLSMALLINT type = 0;
  SQLULEN size = 0;
  SQLSMALLINT digits = 0;
};

Described describe(Call& call, SQLUSMALLINT number) {
  std::array<SQLWCHAR, 512> name{};  // an identifier has 128 characters at most
  Described described;
  SQLSMALLINT length = 0;
  SQLSMALLINT nullable = 0;
  call.check(SQLDescribeColW(call.statement(), number, name.data(),
                             static_cast<SQLSMALLINT>(name.size()), &length, &described.type,
                             &described.size, &described.digits, &nullable));
  described.name =
      to_utf8({reinterpret_cast<const char16_t*>(name.data()), static_cast<std::size_t>(length)});
  return described;
}

ColumnPlan fixed(ColumnType type, CellForm form, SQLSMALLINT c_type, std::size_t bytes) {
  return {{{}, type}, form, c_type, bytes};
}

ColumnPlan text(ColumnType type, SQLULEN size) {
  const bool is_bound = size > 0 && size <= kLongestBoundText;
  // One unit of UTF-16 for each byte or character, and the NUL that drivers add.
  return fixed(type, CellForm::text, SQL_C_WCHAR,
               is_bound ? (size + 1) * sizeof(SQLWCHAR) : std::size_t{0});
}

ColumnPlan bytes(SQLULEN size) {
  const bool is_bound = size > 0 && size <= kLongestBoundText;
  return fixed(ColumnType::bytes, CellForm::bytes, SQL_C_BINARY, is_bound ? size : std::size_t{0});
}

ColumnPlan plan(const Described& described) {
  switch (described.type) {
    case SQL_BIT:
      return fixed(ColumnType::boolean, CellForm::bit, SQL_C_BIT, sizeof(SQLCHAR));
    case SQL_TINYINT:
    case SQL_SMALLINT:
      return fixed(ColumnType::int16, CellForm::integer, SQL_C_SBIGINT, sizeof(SQLBIGINT));
    case SQL_INTEGER:
      return fixed(ColumnType::int32, CellForm::integer, SQL_C_SBIGINT, sizeof(SQLBIGINT));
    case SQL_BIGINT:
      return fixed(ColumnType::int64, CellForm::integer, SQL_C_SBIGINT, sizeof(SQLBIGINT));
    case SQL_REAL:
      return fixed(ColumnType::float32, CellForm::float32, SQL_C_FLOAT, sizeof(SQLREAL));
    case SQL_FLOAT:
    case SQL_DOUBLE:
      return fixed(ColumnType::float64, CellForm::float64, SQL_C_DOUBLE, sizeof(SQLDOUBLE));
    case SQL_DECIMAL:  // MONEY, too
    case SQL_NUMERIC:
      return fixed(ColumnType::decimal, CellForm::decimal, SQL_C_CHAR, kDecimalBytes);
    case SQL_TYPE_DATE:
      return fixed(ColumnType::date, CellForm::date, SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT));
    case kSqlTime2:
    case SQL_TYPE_TIME:
      return fixed(ColumnType::time, CellForm::time, SQL_C_BINARY, sizeof(Time2));
    case SQL_TYPE_TIMESTAMP: {
      auto column = fixed(ColumnType::timestamp, CellForm::timestamp, SQL_C_TYPE_TIMESTAMP,
                          sizeof(SQL_TIMESTAMP_STRUCT));
      column.fraction_digits = described.digits;
      return column;
    }
    case kSqlTimestampOffset:
      return fixed(ColumnType::timestamp_tz, CellForm::timestamp_tz, SQL_C_BINARY,
                   sizeof(TimestampOffset));
    case SQL_GUID:
      return fixed(ColumnType::uuid, CellForm::uuid, SQL_C_GUID, sizeof(SQLGUID));
    case SQL_BINARY:
    case SQL_VARBINARY:
      return bytes(described.size);
    case SQL_LONGVARBINARY:
    case kSqlUserType:
      return bytes(0);
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_WCHAR:
    case SQL_WVARCHAR:
      return text(ColumnType::text, described.size);
    case SQL_LONGVARCHAR:
    case SQL_WLONGVARCHAR:
    case kSqlXml:
      return text(ColumnType::text, 0);
    default:  // sql_variant, and what later servers may bring
      return text(ColumnType::other, 0);
  }
}

}  // namespace

std::vector<ColumnPlan> plan_columns(Call& call) {
  SQLSMALLINT count = 0;
  call.check(SQLNumResultCols(call.statement(), &count));
  std::vector<ColumnPlan> columns;
  for (SQLUSMALLINT number = 1; number <= static_cast<SQLUSMALLINT>(count); ++number) {
    const auto described = describe(call, number);
    columns.push_back(plan(described));
    columns.back().column.name = described.name;
  }
  return columns;
}

}  // namespace flowdb::backend::sqlserver
