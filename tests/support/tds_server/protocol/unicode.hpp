#pragma once

#include <string>
#include <string_view>

namespace flowdb::tds_server {

/// Between UTF-8 and TDS's UTF-16LE. What is malformed becomes U+FFFD.
std::string utf16_from_utf8(std::string_view text);
std::string utf8_from_utf16(std::string_view bytes);

/// Between UTF-8 and code page 1252, that of the collation this server announces
/// (SQL_Latin1_General_CP1_CI_AS). What the page lacks becomes '?'.
std::string cp1252_from_utf8(std::string_view text);
std::string utf8_from_cp1252(std::string_view bytes);

}  // namespace flowdb::tds_server
