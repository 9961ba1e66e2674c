#include "support/tds_server/protocol/value_encoder.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "support/tds_server/protocol/decimal.hpp"
#include "support/tds_server/protocol/hexadecimal.hpp"
#include "support/tds_server/protocol/moment.hpp"
#include "support/tds_server/protocol/time_encoder.hpp"
#include "support/tds_server/protocol/unicode.hpp"
#include "support/tds_server/protocol/variant_encoder.hpp"

namespace flowdb::tds_server {
namespace {

template <typename Number>
Number parse_number(std::string_view text) {
  Number value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
    throw std::out_of_range("not a number of that type");
  }
  return value;
}

std::int64_t parse_integer(std::string_view text, std::size_t size) {
  if (text == "t") return 1;  // PostgreSQL's boolean
  if (text == "f") return 0;
  const auto value = parse_number<std::int64_t>(text);
  const std::int64_t limit = size == 8 ? 0 : std::int64_t{1} << (8 * size - 1);
  if (size == 1 ? value < 0 || value > 255 : size < 8 && (value < -limit || value >= limit)) {
    throw std::out_of_range("an integer beyond its type");
  }
  return value;
}

void put_integer(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) put_u8(out, value >> (8 * i) & 0xFFU);
}

void put_decimal(std::string& out, const WireType& wire, std::string_view text) {
  const ScaledDecimal decimal = parse_decimal(text, wire.type.scale);
  put_u8(out, decimal.negative ? 0 : 1);
  Magnitude rest = decimal.magnitude;
  for (std::size_t i = 1; i < wire.size; ++i) {
    put_u8(out, static_cast<std::uint64_t>(rest & 0xFFU));
    rest >>= 8U;
  }
  if (rest != 0) throw std::out_of_range("a decimal beyond its precision");
}

/// MS-TDS 2.2.5.5.1.2: ten-thousandths; of eight bytes the more significant half comes first.
void put_money(std::string& out, std::size_t size, std::string_view text) {
  const ScaledDecimal decimal = parse_decimal(text, 4);
  const Magnitude limit = (Magnitude{1} << (8 * size - 1)) - (decimal.negative ? 0 : 1);
  if (decimal.magnitude > limit) throw std::out_of_range("an amount beyond its type");
  auto value = static_cast<std::uint64_t>(decimal.magnitude);
  if (decimal.negative) value = 0 - value;
  if (size == 8) put_u32(out, value >> 32U);
  put_u32(out, value & 0xFFFFFFFFU);
}

void put_guid(std::string& out, std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '-') digits.push_back(c);
  }
  const std::string bytes = bytes_from_hexadecimal(digits);
  if (bytes.size() != 16) throw std::out_of_range("not a UUID");
  // MS-DTYP 2.3.4.2: the first three groups are numbers, least significant byte first.
  for (const std::size_t i : {3U, 2U, 1U, 0U, 5U, 4U, 7U, 6U}) out.push_back(bytes[i]);
  out.append(bytes, 8);
}

/// The value's bytes without any length.
std::string content(const WireType& wire, std::string_view text) {
  std::string out;
  switch (wire.type.kind) {
    case TypeKind::bit:
    case TypeKind::tinyint:
    case TypeKind::smallint:
    case TypeKind::integer:
    case TypeKind::bigint:
      put_integer(out, static_cast<std::uint64_t>(parse_integer(text, wire.size)), wire.size);
      return out;
    case TypeKind::decimal:
      put_decimal(out, wire, text);
      return out;
    case TypeKind::money:
    case TypeKind::smallmoney:
      put_money(out, wire.size, text);
      return out;
    case TypeKind::real:
      put(out, std::bit_cast<std::uint32_t>(parse_number<float>(text)));
      return out;
    case TypeKind::floating:
      put(out, std::bit_cast<std::uint64_t>(parse_number<double>(text)));
      return out;
    case TypeKind::character:
    case TypeKind::varchar:
    case TypeKind::text:
      return cp1252_from_utf8(text);
    case TypeKind::nchar:
    case TypeKind::nvarchar:
    case TypeKind::ntext:
    case TypeKind::xml:
      return utf16_from_utf8(text);
    case TypeKind::binary:
    case TypeKind::varbinary:
    case TypeKind::image:
      return bytes_from_hexadecimal(text.substr(0, 2) == "\\x" ? text.substr(2) : text);
    case TypeKind::uniqueidentifier:
      put_guid(out, text);
      return out;
    case TypeKind::sql_variant:
      return encoded_variant(text);
    default:
      return encoded_time(wire.type, text);
  }
}

/// MS-TDS 2.2.5.2.3: the whole length, one chunk, an empty one.
void put_partially_length_prefixed(std::string& out, std::string_view bytes) {
  put(out, static_cast<std::uint64_t>(bytes.size()));
  if (!bytes.empty()) {
    put_u32(out, bytes.size());
    out += bytes;
  }
  put_u32(out, 0);
}

}  // namespace

void put_value(std::string& out, const WireType& wire, std::string_view text) {
  const std::string bytes = content(wire, text);
  if (wire.size == DataType::kMax) {
    put_partially_length_prefixed(out, bytes);
    return;
  }
  switch (wire.token) {
    case token::kBigChar:
    case token::kBigVarChar:
    case token::kNChar:
    case token::kNVarChar:
    case token::kBigBinary:
    case token::kBigVarBinary:
      if (bytes.size() > wire.size) throw std::out_of_range("a value longer than its type");
      put_u16(out, bytes.size());
      break;
    case token::kText:
    case token::kNText:
    case token::kImage:
      put_u8(out, 16);  // a text pointer and a timestamp (MS-TDS 2.2.7.19)
      out.append(16 + 8, '\0');
      put_u32(out, bytes.size());
      break;
    case token::kVariant:
      put_u32(out, bytes.size());
      break;
    default:
      put_u8(out, bytes.size());
  }
  out += bytes;
}

void put_null(std::string& out, const WireType& wire) {
  if (wire.size == DataType::kMax) {
    put(out, kPlpNull);
    return;
  }
  switch (wire.token) {
    case token::kBigChar:
    case token::kBigVarChar:
    case token::kNChar:
    case token::kNVarChar:
    case token::kBigBinary:
    case token::kBigVarBinary:
      put_u16(out, 0xFFFF);
      return;
    case token::kVariant:
      put_u32(out, 0);
      return;
    default:
      put_u8(out, 0);
  }
}

}  // namespace flowdb::tds_server
