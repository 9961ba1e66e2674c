#include "support/tds_server/protocol/type_info.hpp"

namespace flowdb::tds_server {
namespace {

constexpr std::size_t kMaxMarker = 0xFFFF;

std::size_t decimal_size(unsigned precision) {
  // MS-TDS 2.2.5.5.1.6: a sign byte and 4, 8, 12 or 16 bytes.
  return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}

WireType of_characters(std::uint8_t tag, const DataType& type, std::size_t bytes_per_character) {
  return {tag, type.is_max() ? DataType::kMax : type.length * bytes_per_character, type};
}

WireType fixed(std::uint8_t tag, std::size_t size, TypeKind kind) {
  DataType type;
  type.kind = kind;
  return {tag, size, type};
}

TypeKind integer_of(std::size_t size) {
  return size == 1   ? TypeKind::tinyint
         : size == 2 ? TypeKind::smallint
         : size == 4 ? TypeKind::integer
                     : TypeKind::bigint;
}

/// A length of two bytes, and what it means for characters of a width.
WireType read_sized(ByteReader& reader, std::uint8_t tag, TypeKind kind, std::size_t width) {
  const std::size_t size = reader.u16();
  DataType type;
  type.kind = kind;
  type.length = size == kMaxMarker ? DataType::kMax : size / width;
  if (is_character(kind)) reader.take(kCollation.size());
  return {tag, size == kMaxMarker ? DataType::kMax : size, type};
}

WireType read_scaled(ByteReader& reader, std::uint8_t tag, TypeKind kind) {
  DataType type;
  type.kind = kind;
  type.scale = reader.u8();
  return {tag, 0, type};
}

WireType read_decimal(ByteReader& reader, std::uint8_t tag) {
  DataType type;
  type.kind = TypeKind::decimal;
  const std::size_t size = reader.u8();
  type.precision = reader.u8();
  type.scale = reader.u8();
  return {tag, size, type};
}

WireType read_long(ByteReader& reader, std::uint8_t tag, TypeKind kind) {
  DataType type;
  type.kind = kind;
  const std::size_t size = reader.u32();
  if (is_character(kind)) reader.take(kCollation.size());
  return {tag, size, type};
}

/// Types whose length decides which of a family they are.
WireType read_family(ByteReader& reader, std::uint8_t tag) {
  const std::size_t size = reader.u8();
  switch (tag) {
    case token::kIntN:
      return fixed(tag, size, integer_of(size));
    case token::kBitN:
      return fixed(tag, size, TypeKind::bit);
    case token::kFloatN:
      return fixed(tag, size, size == 4 ? TypeKind::real : TypeKind::floating);
    case token::kMoneyN:
      return fixed(tag, size, size == 4 ? TypeKind::smallmoney : TypeKind::money);
    case token::kDateTimeN:
      return fixed(tag, size, size == 4 ? TypeKind::smalldatetime : TypeKind::datetime);
    default:
      return fixed(tag, size, TypeKind::uniqueidentifier);
  }
}

WireType read_xml(ByteReader& reader) {
  if (reader.u8() != 0) throw ProtocolError("XML schemas are not supported");
  return {token::kXml, DataType::kMax, {TypeKind::xml}};
}

}  // namespace

WireType wire_type(const DataType& type) {
  switch (type.kind) {
    case TypeKind::bit:
      return {token::kBitN, 1, type};
    case TypeKind::tinyint:
      return {token::kIntN, 1, type};
    case TypeKind::smallint:
      return {token::kIntN, 2, type};
    case TypeKind::integer:
      return {token::kIntN, 4, type};
    case TypeKind::bigint:
      return {token::kIntN, 8, type};
    case TypeKind::decimal:
      return {token::kNumericN, decimal_size(type.precision), type};
    case TypeKind::money:
      return {token::kMoneyN, 8, type};
    case TypeKind::smallmoney:
      return {token::kMoneyN, 4, type};
    case TypeKind::real:
      return {token::kFloatN, 4, type};
    case TypeKind::floating:
      return {token::kFloatN, 8, type};
    case TypeKind::character:
      return of_characters(token::kBigChar, type, 1);
    case TypeKind::varchar:
      return of_characters(token::kBigVarChar, type, 1);
    case TypeKind::nchar:
      return of_characters(token::kNChar, type, 2);
    case TypeKind::nvarchar:
      return of_characters(token::kNVarChar, type, 2);
    case TypeKind::text:
      return {token::kText, 0x7FFFFFFF, type};
    case TypeKind::ntext:
      return {token::kNText, 0x7FFFFFFE, type};
    case TypeKind::image:
      return {token::kImage, 0x7FFFFFFF, type};
    case TypeKind::binary:
      return of_characters(token::kBigBinary, type, 1);
    case TypeKind::varbinary:
      return of_characters(token::kBigVarBinary, type, 1);
    case TypeKind::date:
      return {token::kDateN, 3, type};
    case TypeKind::time:
      return {token::kTimeN, 0, type};
    case TypeKind::datetime2:
      return {token::kDateTime2N, 0, type};
    case TypeKind::datetimeoffset:
      return {token::kDateTimeOffsetN, 0, type};
    case TypeKind::smalldatetime:
      return {token::kDateTimeN, 4, type};
    case TypeKind::datetime:
      return {token::kDateTimeN, 8, type};
    case TypeKind::uniqueidentifier:
      return {token::kGuid, 16, type};
    case TypeKind::xml:
      return {token::kXml, DataType::kMax, type};
    case TypeKind::sql_variant:
      break;
  }
  return {token::kVariant, 8009, type};
}

void put_type_info(std::string& out, const WireType& wire) {
  put_u8(out, wire.token);
  switch (wire.token) {
    case token::kDateN:
      return;
    case token::kTimeN:
    case token::kDateTime2N:
    case token::kDateTimeOffsetN:
      put_u8(out, wire.type.scale);
      return;
    case token::kNumericN:
      put_u8(out, wire.size);
      put_u8(out, wire.type.precision);
      put_u8(out, wire.type.scale);
      return;
    case token::kBigChar:
    case token::kBigVarChar:
    case token::kNChar:
    case token::kNVarChar:
      put_u16(out, wire.size == DataType::kMax ? kMaxMarker : wire.size);
      out += kCollation;
      return;
    case token::kBigBinary:
    case token::kBigVarBinary:
      put_u16(out, wire.size == DataType::kMax ? kMaxMarker : wire.size);
      return;
    case token::kText:
    case token::kNText:
      put_u32(out, wire.size);
      out += kCollation;
      return;
    case token::kImage:
    case token::kVariant:
      put_u32(out, wire.size);
      return;
    case token::kXml:
      put_u8(out, 0);  // no schema
      return;
    default:
      put_u8(out, wire.size);
  }
}

WireType read_type_info(ByteReader& reader) {
  const std::uint8_t tag = reader.u8();
  switch (tag) {
    case token::kNull:
      return fixed(tag, 0, TypeKind::nvarchar);
    case token::kInt1:
      return fixed(tag, 1, TypeKind::tinyint);
    case token::kBit:
      return fixed(tag, 1, TypeKind::bit);
    case token::kInt2:
      return fixed(tag, 2, TypeKind::smallint);
    case token::kInt4:
      return fixed(tag, 4, TypeKind::integer);
    case token::kInt8:
      return fixed(tag, 8, TypeKind::bigint);
    case token::kFloat4:
      return fixed(tag, 4, TypeKind::real);
    case token::kFloat8:
      return fixed(tag, 8, TypeKind::floating);
    case token::kMoney4:
      return fixed(tag, 4, TypeKind::smallmoney);
    case token::kMoney:
      return fixed(tag, 8, TypeKind::money);
    case token::kDateTime4:
      return fixed(tag, 4, TypeKind::smalldatetime);
    case token::kDateTime:
      return fixed(tag, 8, TypeKind::datetime);
    case token::kIntN:
    case token::kBitN:
    case token::kFloatN:
    case token::kMoneyN:
    case token::kDateTimeN:
    case token::kGuid:
      return read_family(reader, tag);
    case token::kDecimalN:
    case token::kNumericN:
      return read_decimal(reader, tag);
    case token::kDateN:
      return fixed(tag, 0, TypeKind::date);
    case token::kTimeN:
      return read_scaled(reader, tag, TypeKind::time);
    case token::kDateTime2N:
      return read_scaled(reader, tag, TypeKind::datetime2);
    case token::kDateTimeOffsetN:
      return read_scaled(reader, tag, TypeKind::datetimeoffset);
    case token::kBigChar:
      return read_sized(reader, tag, TypeKind::character, 1);
    case token::kBigVarChar:
      return read_sized(reader, tag, TypeKind::varchar, 1);
    case token::kNChar:
      return read_sized(reader, tag, TypeKind::nchar, 2);
    case token::kNVarChar:
      return read_sized(reader, tag, TypeKind::nvarchar, 2);
    case token::kBigBinary:
      return read_sized(reader, tag, TypeKind::binary, 1);
    case token::kBigVarBinary:
      return read_sized(reader, tag, TypeKind::varbinary, 1);
    case token::kText:
      return read_long(reader, tag, TypeKind::text);
    case token::kNText:
      return read_long(reader, tag, TypeKind::ntext);
    case token::kImage:
      return read_long(reader, tag, TypeKind::image);
    case token::kXml:
      return read_xml(reader);
    case token::kVariant:
      return read_long(reader, tag, TypeKind::sql_variant);
    default:
      throw ProtocolError("a parameter of the unknown type " + std::to_string(tag));
  }
}

}  // namespace flowdb::tds_server
