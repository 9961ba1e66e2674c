#pragma once

#include <string>
#include <string_view>

#include "support/tds_server/protocol/data_type.hpp"

namespace flowdb::tds_server {

/// The bytes of DATE, TIME, SMALLDATETIME, DATETIME, DATETIME2, DATETIMEOFFSET (MS-TDS 2.2.5.5.1.8)
/// from PostgreSQL's text. Throws std::out_of_range.
std::string encoded_time(const DataType& type, std::string_view text);

/// The same way back: text that PostgreSQL and the type catalogue read.
std::string decoded_time(const DataType& type, std::string_view bytes);

}  // namespace flowdb::tds_server
