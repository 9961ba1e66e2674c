#pragma once

#include "support/tds_server/protocol/type_info.hpp"

namespace flowdb::tds_server {

/// Reads the TYPE_INFO of a parameter. Throws ProtocolError for types this server does not know.
WireType read_type_info(ByteReader& reader);

}  // namespace flowdb::tds_server
