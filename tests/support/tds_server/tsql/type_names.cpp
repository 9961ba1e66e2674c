#include "support/tds_server/tsql/type_names.hpp"

#include <map>
#include <vector>

namespace flowdb::tds_server {
namespace {

const std::map<std::string, TypeKind, std::less<>>& known_types() {
  static const std::map<std::string, TypeKind, std::less<>> kTypes{
      {"bit", TypeKind::bit},
      {"tinyint", TypeKind::tinyint},
      {"smallint", TypeKind::smallint},
      {"int", TypeKind::integer},
      {"integer", TypeKind::integer},
      {"bigint", TypeKind::bigint},
      {"decimal", TypeKind::decimal},
      {"dec", TypeKind::decimal},
      {"numeric", TypeKind::decimal},
      {"money", TypeKind::money},
      {"smallmoney", TypeKind::smallmoney},
      {"real", TypeKind::real},
      {"float", TypeKind::floating},
      {"char", TypeKind::character},
      {"character", TypeKind::character},
      {"varchar", TypeKind::varchar},
      {"nchar", TypeKind::nchar},
      {"nvarchar", TypeKind::nvarchar},
      {"sysname", TypeKind::nvarchar},
      {"text", TypeKind::text},
      {"ntext", TypeKind::ntext},
      {"binary", TypeKind::binary},
      {"varbinary", TypeKind::varbinary},
      {"image", TypeKind::image},
      {"date", TypeKind::date},
      {"time", TypeKind::time},
      {"smalldatetime", TypeKind::smalldatetime},
      {"datetime", TypeKind::datetime},
      {"datetime2", TypeKind::datetime2},
      {"datetimeoffset", TypeKind::datetimeoffset},
      {"uniqueidentifier", TypeKind::uniqueidentifier},
      {"xml", TypeKind::xml},
      {"sql_variant", TypeKind::sql_variant},
  };
  return kTypes;
}

/// The numbers in parentheses behind a type's name; kMax for MAX.
std::vector<std::size_t> read_modifiers(const Lexemes& lexemes, std::size_t& at) {
  std::vector<std::size_t> numbers;
  if (!lexemes[at].is_symbol("(")) return numbers;
  std::size_t end = at + 1;
  while (lexemes[end].kind == LexemeKind::number || lexemes[end].is("MAX") ||
         lexemes[end].is_symbol(",")) {
    const Lexeme& lexeme = lexemes[end++];
    if (lexeme.is("MAX")) numbers.push_back(DataType::kMax);
    if (lexeme.kind == LexemeKind::number) numbers.push_back(std::stoul(std::string{lexeme.text}));
  }
  if (!lexemes[end].is_symbol(")")) return {};
  at = end + 1;
  return numbers;
}

bool has_length(TypeKind kind) {
  return kind == TypeKind::character || kind == TypeKind::varchar || kind == TypeKind::nchar ||
         kind == TypeKind::nvarchar || kind == TypeKind::binary || kind == TypeKind::varbinary;
}

std::string with_modifier(const std::string& name, std::size_t modifier) {
  return name + '(' + std::to_string(modifier) + ')';
}

}  // namespace

std::optional<DataType> read_type(const Lexemes& lexemes, std::size_t& at, TypeUse use) {
  std::size_t behind = at;
  if (lexemes[behind].is("SYS") && lexemes[behind + 1].is_symbol(".")) behind += 2;
  if (!lexemes[behind].is_name()) return std::nullopt;
  const std::string name = plain_name(lexemes[behind]);
  const auto known = known_types().find(name);
  if (known == known_types().end()) return std::nullopt;
  ++behind;
  DataType type;
  type.kind = known->second;
  if (type.kind == TypeKind::character && lexemes[behind].is("VARYING")) {
    type.kind = TypeKind::varchar;
    ++behind;
  }
  const std::vector<std::size_t> numbers = read_modifiers(lexemes, behind);
  if (has_length(type.kind)) {
    type.length = use == TypeUse::conversion ? 30 : 1;
    if (name == "sysname") type.length = 128;
    if (!numbers.empty()) type.length = numbers[0];
  } else if (type.kind == TypeKind::decimal) {
    if (!numbers.empty()) type.precision = static_cast<std::uint8_t>(numbers[0]);
    if (numbers.size() > 1) type.scale = static_cast<std::uint8_t>(numbers[1]);
  } else if (type.kind == TypeKind::floating) {
    if (!numbers.empty() && numbers[0] <= 24) type.kind = TypeKind::real;
  } else {
    type.scale = numbers.empty() ? 7 : static_cast<std::uint8_t>(numbers[0]);
  }
  at = behind;
  return type;
}

std::string postgres_type(const DataType& type) {
  const auto sized = [&type](const std::string& name) {
    return type.is_max() ? name : with_modifier(name, type.length);
  };
  switch (type.kind) {
    case TypeKind::bit:
      return "tds.bit";
    case TypeKind::tinyint:
      return "tds.tinyint";
    case TypeKind::smallint:
      return "int2";
    case TypeKind::integer:
      return "int4";
    case TypeKind::bigint:
      return "int8";
    case TypeKind::decimal:
      return "numeric(" + std::to_string(type.precision) + ',' + std::to_string(type.scale) + ')';
    case TypeKind::money:
      return "tds.money(19,4)";
    case TypeKind::smallmoney:
      return "tds.smallmoney(10,4)";
    case TypeKind::real:
      return "float4";
    case TypeKind::floating:
      return "float8";
    case TypeKind::character:
      return sized("tds.\"char\"");
    case TypeKind::varchar:
      return sized("tds.\"varchar\"");
    case TypeKind::nchar:
      return sized("tds.\"nchar\"");
    case TypeKind::nvarchar:
      return sized("tds.nvarchar");
    case TypeKind::text:
      return "tds.\"text\"";
    case TypeKind::ntext:
      return "tds.ntext";
    case TypeKind::binary:
      return sized("tds.\"binary\"");
    case TypeKind::varbinary:
      return sized("tds.varbinary");
    case TypeKind::image:
      return "tds.image";
    case TypeKind::date:
      return "pg_catalog.date";
    // See 03_times.sql: the modifier of these is the scale plus one, or means nothing.
    case TypeKind::time:
      return with_modifier("tds.\"time\"", type.scale + 1U);
    case TypeKind::datetime2:
      return with_modifier("tds.datetime2", type.scale + 1U);
    case TypeKind::datetimeoffset:
      return with_modifier("tds.datetimeoffset", type.scale + 1U);
    case TypeKind::smalldatetime:
      return "tds.smalldatetime(1)";
    case TypeKind::datetime:
      return "tds.datetime(1)";
    case TypeKind::uniqueidentifier:
      return "uuid";
    case TypeKind::xml:
      return "xml";
    case TypeKind::sql_variant:
      break;
  }
  return "tds.sql_variant";
}

}  // namespace flowdb::tds_server
