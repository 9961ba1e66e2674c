#include "support/tds_server/protocol/type_info.hpp"

namespace flowdb::tds_server {
namespace {

std::size_t decimal_size(unsigned precision) {
  // MS-TDS 2.2.5.5.1.6: a sign byte and 4, 8, 12 or 16 bytes.
  return precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
}

WireType of_characters(std::uint8_t tag, const DataType& type, std::size_t bytes_per_character) {
  return {tag, type.is_max() ? DataType::kMax : type.length * bytes_per_character, type};
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
      put_u16(out, wire.size == DataType::kMax ? kMaxLengthMarker : wire.size);
      out += kCollation;
      return;
    case token::kBigBinary:
    case token::kBigVarBinary:
      put_u16(out, wire.size == DataType::kMax ? kMaxLengthMarker : wire.size);
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

}  // namespace flowdb::tds_server
