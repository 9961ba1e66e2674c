#pragma once

#include <string>

#include "config/postgresql_connection_string.hpp"

namespace flowdb::config {

/// Sets sslmode so that TLS is on for every host that is not local, and `plaintext` where
/// `allow_plaintext` lets it be off. A service (its file is not read) counts as not local.
/// \throws ConfigurationError for an unknown sslmode, for one that switches TLS off without
/// `allow_plaintext`, and for a service without an sslmode beside it.
void apply_tls_rule(const std::string& database_name, bool allow_plaintext,
                    PostgresqlTarget& target);

}  // namespace flowdb::config
