#include "support/tds_server/protocol/value_decoder.hpp"

#include <array>
#include <bit>
#include <charconv>

#include "support/tds_server/protocol/decimal.hpp"
#include "support/tds_server/protocol/hexadecimal.hpp"
#include "support/tds_server/protocol/time_encoder.hpp"
#include "support/tds_server/protocol/unicode.hpp"

namespace flowdb::tds_server {
namespace {

/// MS-TDS 2.2.5.2.3: chunks until an empty one, whatever the length in front says.
std::optional<std::string> read_chunks(ByteReader& reader) {
  if (reader.u64() == kPlpNull) return std::nullopt;
  std::string bytes;
  while (const std::size_t size = reader.u32()) bytes += reader.take(size);
  return bytes;
}

std::optional<std::string> take_or_null(ByteReader& reader, std::size_t size, std::size_t null) {
  if (size == null) return std::nullopt;
  return std::string{reader.take(size)};
}

/// The value's bytes without its length.
std::optional<std::string> read_content(ByteReader& reader, const WireType& wire) {
  if (wire.size == DataType::kMax) return read_chunks(reader);
  switch (wire.token) {
    case token::kNull:
      return std::nullopt;
    case token::kInt1:
    case token::kBit:
    case token::kInt2:
    case token::kInt4:
    case token::kInt8:
    case token::kFloat4:
    case token::kFloat8:
    case token::kMoney:
    case token::kMoney4:
    case token::kDateTime:
    case token::kDateTime4:
      return std::string{reader.take(wire.size)};
    case token::kBigChar:
    case token::kBigVarChar:
    case token::kNChar:
    case token::kNVarChar:
    case token::kBigBinary:
    case token::kBigVarBinary:
      return take_or_null(reader, reader.u16(), 0xFFFF);
    case token::kText:
    case token::kNText:
    case token::kImage:
      return take_or_null(reader, reader.u32(), 0xFFFFFFFF);
    case token::kVariant:
      return take_or_null(reader, reader.u32(), 0);
    default:
      return take_or_null(reader, reader.u8(), 0);
  }
}

std::int64_t signed_number(std::string_view bytes) {
  std::uint64_t value = ByteReader{bytes}.number(bytes.size());
  const std::size_t bits = 8 * bytes.size();
  // One byte is TINYINT or BIT, which have no sign.
  if (bits > 8 && bits < 64 && (value >> (bits - 1)) != 0) value |= ~std::uint64_t{0} << bits;
  return static_cast<std::int64_t>(value);
}

template <typename Number>
std::string shortest(Number value) {
  std::array<char, 64> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), result.ptr};
}

std::string decimal_from(const WireType& wire, std::string_view bytes) {
  ScaledDecimal decimal;
  decimal.negative = bytes.front() == 0;
  for (std::size_t i = bytes.size() - 1; i > 0; --i) {
    decimal.magnitude = decimal.magnitude << 8U | static_cast<unsigned char>(bytes[i]);
  }
  if (decimal.magnitude == 0) decimal.negative = false;
  return decimal_text(decimal, wire.type.scale);
}

std::string money_from(std::string_view bytes) {
  std::int64_t value = 0;
  if (bytes.size() == 8) {
    ByteReader reader{bytes};
    const std::uint64_t high = reader.u32();
    value = static_cast<std::int64_t>(high << 32U | reader.u32());
  } else {
    value = signed_number(bytes);
  }
  ScaledDecimal decimal;
  decimal.negative = value < 0;
  const auto distance = static_cast<std::uint64_t>(value);
  decimal.magnitude = value < 0 ? 0 - distance : distance;
  return decimal_text(decimal, 4);
}

std::string guid_from(std::string_view bytes) {
  std::string ordered;
  for (const std::size_t i : {3U, 2U, 1U, 0U, 5U, 4U, 7U, 6U}) ordered.push_back(bytes[i]);
  ordered += bytes.substr(8);
  std::string text = hexadecimal_from_bytes(ordered);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
  return text;
}

}  // namespace

std::optional<std::string> read_value(ByteReader& reader, const WireType& wire) {
  const std::optional<std::string> content = read_content(reader, wire);
  if (!content) return std::nullopt;
  const std::string& bytes = *content;
  switch (wire.type.kind) {
    case TypeKind::bit:
    case TypeKind::tinyint:
    case TypeKind::smallint:
    case TypeKind::integer:
    case TypeKind::bigint:
      return std::to_string(signed_number(bytes));
    case TypeKind::decimal:
      return decimal_from(wire, bytes);
    case TypeKind::money:
    case TypeKind::smallmoney:
      return money_from(bytes);
    case TypeKind::real:
      return shortest(std::bit_cast<float>(ByteReader{bytes}.u32()));
    case TypeKind::floating:
      return shortest(std::bit_cast<double>(ByteReader{bytes}.u64()));
    case TypeKind::character:
    case TypeKind::varchar:
    case TypeKind::text:
      return utf8_from_cp1252(bytes);
    case TypeKind::nchar:
    case TypeKind::nvarchar:
    case TypeKind::ntext:
    case TypeKind::xml:
      return utf8_from_utf16(bytes);
    case TypeKind::binary:
    case TypeKind::varbinary:
    case TypeKind::image:
      return "\\x" + hexadecimal_from_bytes(bytes);
    case TypeKind::uniqueidentifier:
      return guid_from(bytes);
    case TypeKind::sql_variant:
      throw ProtocolError("parameters of sql_variant are not supported");
    default:
      return decoded_time(wire.type, bytes);
  }
}

}  // namespace flowdb::tds_server
