#pragma once

#include <libpq-fe.h>

#include "support/tds_server/protocol/sql_error.hpp"

namespace flowdb::tds_server {

/// What a duplicate key is a duplicate in, which PostgreSQL's error does not say.
enum class KeyKind { primary_key, unique_constraint, unique_index };

/// What a failure of PostgreSQL is called by SQL Server: its number, its words as far as they can
/// be given, and what it ends. `snapshot`: the transaction's isolation is SNAPSHOT. `key` counts
/// for a duplicate alone.
SqlError sql_server_error(const PGresult* result, bool snapshot,
                          KeyKind key = KeyKind::unique_constraint);

}  // namespace flowdb::tds_server
