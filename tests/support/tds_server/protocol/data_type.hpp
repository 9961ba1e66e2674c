#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace flowdb::tds_server {

/// A type as T-SQL declares it. All kinds of the wire map to these, and back.
enum class TypeKind {
  bit,
  tinyint,
  smallint,
  integer,
  bigint,
  decimal,
  money,
  smallmoney,
  real,
  floating,
  character,
  varchar,
  nchar,
  nvarchar,
  text,
  ntext,
  binary,
  varbinary,
  image,
  date,
  time,
  smalldatetime,
  datetime,
  datetime2,
  datetimeoffset,
  uniqueidentifier,
  xml,
  sql_variant,
};

struct DataType {
  TypeKind kind = TypeKind::integer;
  /// Characters of CHAR, VARCHAR, NCHAR, NVARCHAR, bytes of BINARY and VARBINARY; kMax is (MAX).
  std::size_t length = 0;
  /// Of DECIMAL.
  std::uint8_t precision = 18;
  /// Of DECIMAL; of TIME, DATETIME2, DATETIMEOFFSET.
  std::uint8_t scale = 0;

  static constexpr std::size_t kMax = ~std::size_t{0};

  bool is_max() const { return length == kMax; }
  bool operator==(const DataType&) const = default;
};

/// Of a text without a type of its own.
inline constexpr DataType kAnyText{TypeKind::nvarchar, DataType::kMax};

constexpr bool is_character(TypeKind kind) {
  return kind >= TypeKind::character && kind <= TypeKind::ntext;
}
constexpr bool is_binary(TypeKind kind) {
  return kind >= TypeKind::binary && kind <= TypeKind::image;
}

/// In front of a value of a (MAX) type: it is NULL (MS-TDS 2.2.5.2.3).
inline constexpr std::uint64_t kPlpNull = 0xFFFFFFFFFFFFFFFF;

}  // namespace flowdb::tds_server
