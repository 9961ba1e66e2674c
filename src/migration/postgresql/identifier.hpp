#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sql/token.hpp"

namespace flowdb::migration::postgresql {

/// A word or quoted identifier as PostgreSQL stores it: in lower case, or without its quotes.
std::string stored_name(const sql::Token& token);

bool has_identifier(std::string_view statement, std::string_view name);

/// Offset in `statement` of the only identifier of that name; nullopt when there is none or more
/// than one.
std::optional<std::size_t> find_identifier(std::string_view statement, std::string_view name);

}  // namespace flowdb::migration::postgresql
