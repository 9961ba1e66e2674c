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

constexpr bool is_character(TypeKind kind) {
  return kind >= TypeKind::character && kind <= TypeKind::ntext;
}
constexpr bool is_binary(TypeKind kind) {
  return kind >= TypeKind::binary && kind <= TypeKind::image;
}

}  // namespace flowdb::tds_server
