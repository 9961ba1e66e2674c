#pragma once

#include <libpq-fe.h>

#include "support/tds_server/protocol/sql_error.hpp"

namespace flowdb::tds_server {

/// What a failure of PostgreSQL is called by SQL Server: its number, its words as far as they can
/// be given, and what it ends. `snapshot`: the transaction's isolation is SNAPSHOT.
SqlError sql_server_error(const PGresult* result, bool snapshot);

}  // namespace flowdb::tds_server
