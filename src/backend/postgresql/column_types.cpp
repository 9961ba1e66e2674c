#include "backend/postgresql/column_types.hpp"

#include <cstddef>

namespace flowdb::backend::postgresql {
namespace {

ColumnType scalar_type(Oid oid) noexcept {
  switch (oid) {
    case 16:
      return ColumnType::boolean;
    case 17:
      return ColumnType::bytes;
    case 21:
      return ColumnType::int16;
    case 23:
      return ColumnType::int32;
    case 20:  // int8
    case 26:  // oid: unsigned, 32 bits
      return ColumnType::int64;
    case 700:
      return ColumnType::float32;
    case 701:
      return ColumnType::float64;
    case 1700:
      return ColumnType::decimal;
    case 18:    // "char"
    case 19:    // name
    case 25:    // text
    case 1042:  // character(n)
    case 1043:  // character varying
    case 705:   // a literal whose type nothing tells
      return ColumnType::text;
    case 1082:
      return ColumnType::date;
    case 1083:
      return ColumnType::time;
    case 1114:
      return ColumnType::timestamp;
    case 1184:
      return ColumnType::timestamp_tz;
    case 2950:
      return ColumnType::uuid;
    case 114:   // json
    case 3802:  // jsonb
      return ColumnType::json;
    default:
      return ColumnType::other;
  }
}

/// The element's type when `oid` is an array of a type known above; 0 otherwise.
Oid element_of(Oid oid) noexcept {
  switch (oid) {
    case 1000:
      return 16;
    case 1001:
      return 17;
    case 1005:
      return 21;
    case 1007:
      return 23;
    case 1016:
      return 20;
    case 1028:
      return 26;
    case 1021:
      return 700;
    case 1022:
      return 701;
    case 1231:
      return 1700;
    case 1002:
      return 18;
    case 1003:
      return 19;
    case 1009:
      return 25;
    case 1014:
      return 1042;
    case 1015:
      return 1043;
    case 1182:
      return 1082;
    case 1183:
      return 1083;
    case 1115:
      return 1114;
    case 1185:
      return 1184;
    case 2951:
      return 2950;
    case 199:
      return 114;
    case 3807:
      return 3802;
    default:
      return 0;
  }
}

}  // namespace

bool is_readable_in_binary(Oid oid) noexcept {
  constexpr Oid char_type = 18;  // one byte, which is no text when it is 0
  constexpr Oid oid_type = 26;   // the only unsigned one
  return oid != char_type && oid != oid_type && scalar_type(oid) != ColumnType::other;
}

std::vector<Column> columns_of(const PGresult* result) {
  std::vector<Column> columns;
  const int count = PQnfields(result);
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Oid oid = PQftype(result, i);
    auto& column = columns.emplace_back();
    column.name = PQfname(result, i);
    column.type = scalar_type(oid);
    if (const Oid element = element_of(oid); element != 0) {
      column.type = ColumnType::array;
      column.element_type = scalar_type(element);
    }
  }
  return columns;
}

}  // namespace flowdb::backend::postgresql
