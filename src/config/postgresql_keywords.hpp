#pragma once

#include <string_view>

namespace flowdb::config {

/// Whether `name` is a connection keyword of libpq 15 (PostgreSQL 15 documentation, 34.1.2).
bool is_postgresql_keyword(std::string_view name) noexcept;

/// The keyword that `name` may be a misspelling of (at most two letters wrong, in any case), or an
/// empty text.
std::string_view similar_postgresql_keyword(std::string_view name);

}  // namespace flowdb::config
