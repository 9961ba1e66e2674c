#include "support/tds_server/postgres/column_types.hpp"

#include <algorithm>

namespace flowdb::tds_server {
namespace {

// pg_type.dat: object ids of PostgreSQL's own types never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kName = 19;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kOid = 26;
constexpr Oid kXml = 142;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;
constexpr Oid kBpchar = 1042;
constexpr Oid kVarchar = 1043;
constexpr Oid kDate = 1082;
constexpr Oid kTime = 1083;
constexpr Oid kTimestamp = 1114;
constexpr Oid kTimestamptz = 1184;
constexpr Oid kNumeric = 1700;
constexpr Oid kUuid = 2950;

/// varchar's typmod is the length and 4.
std::size_t length_of(int modifier, std::size_t most) {
  if (modifier < 5) return DataType::kMax;
  const auto length = static_cast<std::size_t>(modifier - 4);
  return length > most ? DataType::kMax : length;
}

std::uint8_t scale_of(int modifier, int none) {
  return static_cast<std::uint8_t>(modifier < 0 ? none : modifier);
}

DataType sized(TypeKind kind, std::size_t length) {
  DataType type;
  type.kind = kind;
  type.length = length;
  return type;
}

DataType scaled(TypeKind kind, std::uint8_t scale) {
  DataType type;
  type.kind = kind;
  type.scale = scale;
  return type;
}

DataType decimal(int modifier) {
  DataType type;
  type.kind = TypeKind::decimal;
  if (modifier < 4) {
    type.precision = 0;
    return type;
  }
  const auto both = static_cast<unsigned>(modifier - 4);
  type.precision = static_cast<std::uint8_t>(std::min(both >> 16U, 38U));
  type.scale = static_cast<std::uint8_t>(std::min(both & 0x7FFU, 38U));
  return type;
}

DataType own_type(TypeKind kind, int modifier) {
  switch (kind) {
    case TypeKind::character:
    case TypeKind::varchar:
    case TypeKind::binary:
    case TypeKind::varbinary:
      break;
    case TypeKind::nchar:
    case TypeKind::nvarchar:
      return sized(kind, length_of(modifier, 4000));
    case TypeKind::time:
    case TypeKind::datetime2:
    case TypeKind::datetimeoffset:
      // See 03_times.sql: the scale and 5.
      return scaled(kind, scale_of(modifier < 5 ? -1 : modifier - 5, 7));
    default:
      return scaled(kind, 0);
  }
  return sized(kind, length_of(modifier, 8000));
}

}  // namespace

const std::map<std::string, TypeKind, std::less<>>& catalogue_types() {
  static const std::map<std::string, TypeKind, std::less<>> kTypes{
      {"tinyint", TypeKind::tinyint},
      {"bit", TypeKind::bit},
      {"money", TypeKind::money},
      {"smallmoney", TypeKind::smallmoney},
      {"varchar", TypeKind::varchar},
      {"nvarchar", TypeKind::nvarchar},
      {"char", TypeKind::character},
      {"nchar", TypeKind::nchar},
      {"text", TypeKind::text},
      {"ntext", TypeKind::ntext},
      {"binary", TypeKind::binary},
      {"varbinary", TypeKind::varbinary},
      {"image", TypeKind::image},
      {"smalldatetime", TypeKind::smalldatetime},
      {"datetime", TypeKind::datetime},
      {"datetime2", TypeKind::datetime2},
      {"datetimeoffset", TypeKind::datetimeoffset},
      {"time", TypeKind::time},
      {"sql_variant", TypeKind::sql_variant},
  };
  return kTypes;
}

DataType declared_type(const std::map<Oid, TypeKind>& own, Oid type, int modifier) {
  const auto found = own.find(type);
  if (found != own.end()) {
    DataType declared = own_type(found->second, modifier);
    // CHAR and BINARY have no (MAX).
    if (declared.is_max() && declared.kind == TypeKind::character)
      declared.kind = TypeKind::varchar;
    if (declared.is_max() && declared.kind == TypeKind::nchar) declared.kind = TypeKind::nvarchar;
    if (declared.is_max() && declared.kind == TypeKind::binary) declared.kind = TypeKind::varbinary;
    return declared;
  }
  switch (type) {
    case kBool:
      return scaled(TypeKind::bit, 0);
    case kInt2:
      return scaled(TypeKind::smallint, 0);
    case kInt4:
      return scaled(TypeKind::integer, 0);
    case kInt8:
    case kOid:
      return scaled(TypeKind::bigint, 0);
    case kNumeric:
      return decimal(modifier);
    case kFloat4:
      return scaled(TypeKind::real, 0);
    case kFloat8:
      return scaled(TypeKind::floating, 0);
    case kBytea:
      return sized(TypeKind::varbinary, DataType::kMax);
    case kName:
      return sized(TypeKind::nvarchar, 128);
    case kVarchar:
      return sized(TypeKind::nvarchar, length_of(modifier, 4000));
    case kBpchar: {
      const std::size_t length = length_of(modifier, 4000);
      return sized(length == DataType::kMax ? TypeKind::nvarchar : TypeKind::nchar, length);
    }
    case kDate:
      return scaled(TypeKind::date, 0);
    case kTime:
      return scaled(TypeKind::time, scale_of(modifier, 6));
    case kTimestamp:
      return scaled(TypeKind::datetime2, scale_of(modifier, 6));
    case kTimestamptz:
      return scaled(TypeKind::datetimeoffset, scale_of(modifier, 6));
    case kUuid:
      return scaled(TypeKind::uniqueidentifier, 0);
    case kXml:
      return scaled(TypeKind::xml, 0);
    default:
      return sized(TypeKind::nvarchar, DataType::kMax);
  }
}

}  // namespace flowdb::tds_server
