#pragma once

#include <string>

namespace flowdb::config {

/// \throws ConfigurationError `The connection string of 'rpa_db' cannot be used: {why}`. Always.
/// `why` never quotes the connection string.
[[noreturn]] void refuse_connection_string(const std::string& database_name,
                                           const std::string& why);

}  // namespace flowdb::config
