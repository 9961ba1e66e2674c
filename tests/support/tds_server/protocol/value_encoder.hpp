#pragma once

#include <string>
#include <string_view>

#include "support/tds_server/protocol/type_info.hpp"

namespace flowdb::tds_server {

/// Appends a value as TYPE_VARBYTE (MS-TDS 2.2.5.2.3), from PostgreSQL's text of it. Throws
/// std::out_of_range when the type cannot hold it.
void put_value(std::string& out, const WireType& wire, std::string_view text);

/// Appends NULL.
void put_null(std::string& out, const WireType& wire);

}  // namespace flowdb::tds_server
