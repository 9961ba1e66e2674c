#pragma once

#include <map>
#include <string>
#include <vector>

namespace flowdb::test_support {

/// libpq's settings by keyword ("host", "dbname", "sslmode", ...).
using ConnectionSettings = std::map<std::string, std::string>;

/// Reads a URL or keyword/value text as libpq does; throws std::runtime_error for a malformed one.
ConnectionSettings parse_connection_url(const std::string& text);

/// The settings as a postgresql:// URL.
std::string make_connection_url(ConnectionSettings settings);

/// `url` with some settings replaced; an empty value removes the setting.
std::string with_settings(const std::string& url, const ConnectionSettings& replacements);

/// One URL for several servers, tried in this order: the settings of the first, with the hosts and
/// ports of all.
std::string url_of_several(const std::vector<std::string>& urls);

}  // namespace flowdb::test_support
