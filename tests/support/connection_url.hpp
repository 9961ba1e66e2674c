#pragma once

#include <map>
#include <string>

namespace flowdb::test_support {

/// libpq's settings by keyword ("host", "dbname", "sslmode", ...).
using ConnectionSettings = std::map<std::string, std::string>;

/// Reads a URL or keyword/value text as libpq does; throws std::runtime_error for a malformed one.
ConnectionSettings parse_connection_url(const std::string& text);

/// The settings as a postgresql:// URL.
std::string make_connection_url(ConnectionSettings settings);

/// `url` with some settings replaced; an empty value removes the setting.
std::string with_settings(const std::string& url, const ConnectionSettings& replacements);

}  // namespace flowdb::test_support
