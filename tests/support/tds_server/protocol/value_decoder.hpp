#pragma once

#include <optional>
#include <string>

#include "support/tds_server/protocol/type_info.hpp"

namespace flowdb::tds_server {

/// Reads a parameter's value as the text that PostgreSQL reads for it; nullopt is NULL. Throws
/// ProtocolError.
std::optional<std::string> read_value(ByteReader& reader, const WireType& wire);

}  // namespace flowdb::tds_server
