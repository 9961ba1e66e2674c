#pragma once

#include <string>

#include "support/tds_server/protocol/bytes.hpp"
#include "support/tds_server/protocol/data_type.hpp"

namespace flowdb::tds_server {

/// MS-TDS 2.2.5.4: the type tokens.
namespace token {
inline constexpr std::uint8_t kNull = 0x1F;
inline constexpr std::uint8_t kInt1 = 0x30;
inline constexpr std::uint8_t kBit = 0x32;
inline constexpr std::uint8_t kInt2 = 0x34;
inline constexpr std::uint8_t kInt4 = 0x38;
inline constexpr std::uint8_t kDateTime4 = 0x3A;
inline constexpr std::uint8_t kFloat4 = 0x3B;
inline constexpr std::uint8_t kMoney = 0x3C;
inline constexpr std::uint8_t kDateTime = 0x3D;
inline constexpr std::uint8_t kFloat8 = 0x3E;
inline constexpr std::uint8_t kMoney4 = 0x7A;
inline constexpr std::uint8_t kInt8 = 0x7F;
inline constexpr std::uint8_t kGuid = 0x24;
inline constexpr std::uint8_t kIntN = 0x26;
inline constexpr std::uint8_t kDateN = 0x28;
inline constexpr std::uint8_t kTimeN = 0x29;
inline constexpr std::uint8_t kDateTime2N = 0x2A;
inline constexpr std::uint8_t kDateTimeOffsetN = 0x2B;
inline constexpr std::uint8_t kVariant = 0x62;
inline constexpr std::uint8_t kBitN = 0x68;
inline constexpr std::uint8_t kDecimalN = 0x6A;
inline constexpr std::uint8_t kNumericN = 0x6C;
inline constexpr std::uint8_t kFloatN = 0x6D;
inline constexpr std::uint8_t kMoneyN = 0x6E;
inline constexpr std::uint8_t kDateTimeN = 0x6F;
inline constexpr std::uint8_t kImage = 0x22;
inline constexpr std::uint8_t kText = 0x23;
inline constexpr std::uint8_t kNText = 0x63;
inline constexpr std::uint8_t kBigVarBinary = 0xA5;
inline constexpr std::uint8_t kBigVarChar = 0xA7;
inline constexpr std::uint8_t kBigBinary = 0xAD;
inline constexpr std::uint8_t kBigChar = 0xAF;
inline constexpr std::uint8_t kNVarChar = 0xE7;
inline constexpr std::uint8_t kNChar = 0xEF;
inline constexpr std::uint8_t kXml = 0xF1;
}  // namespace token

/// The length of a type with (MAX), in TYPE_INFO.
inline constexpr std::size_t kMaxLengthMarker = 0xFFFF;

/// SQL_Latin1_General_CP1_CI_AS: LCID 0x0409, ignore case, kana and width; sort order 52
/// (MS-TDS 2.2.5.1.2).
inline constexpr std::string_view kCollation{"\x09\x04\xD0\x00\x34", 5};

/// How values of a type are laid out on the wire.
struct WireType {
  std::uint8_t token = token::kIntN;
  /// The declared length in bytes; kMax for the partially length-prefixed ones.
  std::size_t size = 4;
  DataType type{};
};

/// The layout in which this server sends a type: nullable ones throughout.
WireType wire_type(const DataType& type);

/// Appends TYPE_INFO (MS-TDS 2.2.5.6).
void put_type_info(std::string& out, const WireType& wire);

}  // namespace flowdb::tds_server
