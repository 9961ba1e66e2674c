#include "support/tds_server/protocol/type_info_reader.hpp"

namespace flowdb::tds_server {
namespace {

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
  type.length = size == kMaxLengthMarker ? DataType::kMax : size / width;
  if (is_character(kind)) reader.take(kCollation.size());
  return {tag, size == kMaxLengthMarker ? DataType::kMax : size, type};
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
