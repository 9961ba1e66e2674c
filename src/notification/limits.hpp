#pragma once

#include <string>
#include <string_view>

namespace flowdb::notification {

/// A channel's name as the server takes it: 1 to 63 bytes (NAMEDATALEN - 1) of UTF-8, no NUL. It is
/// an identifier that is quoted, so that its case counts.
/// \throws InvalidArgument.
void check_channel(std::string_view channel, const std::string& database_name);

/// At most 7999 bytes of UTF-8, no NUL; https://www.postgresql.org/docs/15/sql-notify.html
/// \throws InvalidArgument; shows nothing of the payload.
void check_payload(std::string_view payload, const std::string& database_name);

}  // namespace flowdb::notification
