#pragma once

#include <string>

#include "config/sqlserver_connection_string.hpp"

namespace flowdb::config {

/// Whether the target is this machine: its host is named, and nothing can listen in between.
bool is_local(const SqlserverTarget& target);

/// Sets the encryption where the text did not (`is_given` false), and `plaintext` where
/// `allow_plaintext` lets it be off.
/// \throws ConfigurationError when the text switches encryption off for a host that is not local
/// without `allow_plaintext`.
void apply_tls_rule(const std::string& database_name, bool allow_plaintext, bool is_given,
                    SqlserverTarget& target);

}  // namespace flowdb::config
