#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "support/tds_server/protocol/data_type.hpp"
#include "support/tds_server/tsql/lexer.hpp"

namespace flowdb::tds_server {

/// Where a type stands decides what no length means: one character in a declaration, thirty in a
/// CAST or CONVERT.
enum class TypeUse { declaration, conversion };

/// Reads a type's name with its lengths from `lexemes[at]` and moves `at` behind it; nullopt (and
/// `at` unmoved) when no known type stands there.
std::optional<DataType> read_type(const Lexemes& lexemes, std::size_t& at, TypeUse use);

/// What the type catalogue calls it, with its modifier: `tds.nvarchar(30)`.
std::string postgres_type(const DataType& type);

}  // namespace flowdb::tds_server
