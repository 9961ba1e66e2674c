#pragma once

#include <string>
#include <string_view>

namespace flowdb::tds_server {

/// A sql_variant's base type, properties and bytes (MS-TDS 2.2.5.5.4), from the type catalogue's
/// text: the kind, a unit separator, the value; without a separator it is a VARCHAR.
std::string encoded_variant(std::string_view text);

}  // namespace flowdb::tds_server
