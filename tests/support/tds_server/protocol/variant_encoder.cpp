#include "support/tds_server/protocol/variant_encoder.hpp"

#include <stdexcept>
#include <utility>

#include "support/tds_server/protocol/type_info.hpp"
#include "support/tds_server/protocol/value_encoder.hpp"

namespace flowdb::tds_server {
namespace {

struct NamedKind {
  std::string_view name;
  TypeKind kind;
};

constexpr NamedKind kKinds[] = {
    {"int2", TypeKind::smallint},       {"int4", TypeKind::integer},
    {"int8", TypeKind::bigint},         {"float4", TypeKind::real},
    {"float8", TypeKind::floating},     {"numeric", TypeKind::decimal},
    {"date", TypeKind::date},           {"uuid", TypeKind::uniqueidentifier},
    {"tinyint", TypeKind::tinyint},     {"bit", TypeKind::bit},
    {"money", TypeKind::money},         {"smallmoney", TypeKind::smallmoney},
    {"varchar", TypeKind::varchar},     {"nvarchar", TypeKind::nvarchar},
    {"char", TypeKind::character},      {"nchar", TypeKind::nchar},
    {"binary", TypeKind::binary},       {"varbinary", TypeKind::varbinary},
    {"datetime", TypeKind::datetime},   {"smalldatetime", TypeKind::smalldatetime},
    {"datetime2", TypeKind::datetime2}, {"datetimeoffset", TypeKind::datetimeoffset},
    {"time", TypeKind::time},
};

TypeKind kind_named(std::string_view name) {
  for (const NamedKind& known : kKinds) {
    if (known.name == name) return known.kind;
  }
  throw std::out_of_range("a sql_variant of an unknown type");
}

/// The token of a base type: those of fixed length, where there is one.
std::uint8_t base_token(const WireType& wire) {
  switch (wire.type.kind) {
    case TypeKind::bit:
      return token::kBit;
    case TypeKind::tinyint:
      return token::kInt1;
    case TypeKind::smallint:
      return token::kInt2;
    case TypeKind::integer:
      return token::kInt4;
    case TypeKind::bigint:
      return token::kInt8;
    case TypeKind::real:
      return token::kFloat4;
    case TypeKind::floating:
      return token::kFloat8;
    case TypeKind::money:
      return token::kMoney;
    case TypeKind::smallmoney:
      return token::kMoney4;
    case TypeKind::datetime:
      return token::kDateTime;
    case TypeKind::smalldatetime:
      return token::kDateTime4;
    default:
      return wire.token;
  }
}

std::string properties(const WireType& wire) {
  std::string out;
  switch (wire.token) {
    case token::kNumericN:
      put_u8(out, wire.type.precision);
      put_u8(out, wire.type.scale);
      break;
    case token::kTimeN:
    case token::kDateTime2N:
    case token::kDateTimeOffsetN:
      put_u8(out, wire.type.scale);
      break;
    case token::kBigChar:
    case token::kBigVarChar:
    case token::kNChar:
    case token::kNVarChar:
      out += kCollation;
      put_u16(out, wire.size);
      break;
    case token::kBigBinary:
    case token::kBigVarBinary:
      put_u16(out, wire.size);
      break;
    default:
      break;
  }
  return out;
}

DataType declared(TypeKind kind, std::string_view value) {
  DataType type;
  type.kind = kind;
  if (kind == TypeKind::decimal) {
    type.precision = 38;
    const std::size_t point = value.find('.');
    type.scale =
        static_cast<std::uint8_t>(point == std::string_view::npos ? 0 : value.size() - point - 1);
  } else if (is_character(kind)) {
    type.length = 4000;
  } else if (is_binary(kind)) {
    type.length = 8000;
  } else {
    type.scale = 7;
  }
  return type;
}

/// Bytes of a length in front of the value elsewhere, which a sql_variant does without.
std::size_t length_prefix(const WireType& wire) {
  return is_character(wire.type.kind) || is_binary(wire.type.kind) ? 2 : 1;
}

}  // namespace

std::string encoded_variant(std::string_view text) {
  const std::size_t separator = text.find('\x1F');
  const bool plain = separator == std::string_view::npos;
  const TypeKind kind = plain ? TypeKind::varchar : kind_named(text.substr(0, separator));
  const std::string_view value = plain ? text : text.substr(separator + 1);
  const WireType wire = wire_type(declared(kind, value));
  std::string encoded;
  put_value(encoded, wire, value);
  const std::string about = properties(wire);
  std::string out;
  put_u8(out, base_token(wire));
  put_u8(out, about.size());
  return out + about + encoded.substr(length_prefix(wire));
}

}  // namespace flowdb::tds_server
