#include "backend/postgresql/column_types.hpp"

#include <cstddef>

namespace flowdb::backend::postgresql {
namespace {

ColumnType scalar_type(Oid oid) {
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
Oid element_of(Oid oid) {
  struct Pair {
    Oid array;
    Oid element;
  };
  static constexpr Pair kArrays[] = {
      {1000, 16},   {1001, 17},   {1005, 21},   {1007, 23},   {1016, 20},   {1028, 26},
      {1021, 700},  {1022, 701},  {1231, 1700}, {1002, 18},   {1003, 19},   {1009, 25},
      {1014, 1042}, {1015, 1043}, {1182, 1082}, {1183, 1083}, {1115, 1114}, {1185, 1184},
      {2951, 2950}, {199, 114},   {3807, 3802}};
  for (const auto& pair : kArrays) {
    if (pair.array == oid) {
      return pair.element;
    }
  }
  return 0;
}

}  // namespace

std::vector<Column> columns_of(const PGresult* result) {
  std::vector<Column> columns;
  const int count = PQnfields(result);
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Oid oid = PQftype(result, i);
    const Oid element = element_of(oid);
    const bool is_array = element != 0;
    columns.push_back({PQfname(result, i), is_array ? ColumnType::array : scalar_type(oid),
                       is_array ? scalar_type(element) : ColumnType::other});
  }
  return columns;
}

}  // namespace flowdb::backend::postgresql
