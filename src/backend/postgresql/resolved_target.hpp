#pragma once

#include "backend/postgresql/name_resolver.hpp"
#include "config/postgresql_connection_string.hpp"
#include "core/deadline.hpp"

namespace flowdb::backend::postgresql {

/// The target with an address for each of its hosts, so that libpq resolves no name: a name with
/// several addresses stands there as often. A name that cannot be resolved is left out, as libpq
/// goes on to the next host. Names that come from the environment or a service file are left to
/// libpq.
/// \throws ConnectionError when none is left.
config::PostgresqlTarget resolved(const config::PostgresqlTarget& target,
                                  const std::string& database_name, NameResolver& resolver,
                                  const Deadline& deadline);

}  // namespace flowdb::backend::postgresql
