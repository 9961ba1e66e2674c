#pragma once

#include <map>
#include <string>

#include <libpq-fe.h>

#include "support/tds_server/protocol/data_type.hpp"

namespace flowdb::tds_server {

/// What SQL Server would call a PostgreSQL type with its modifier. `own` has the types of the type
/// catalogue. What it has no name for is NVARCHAR(MAX), as text.
DataType declared_type(const std::map<Oid, TypeKind>& own, Oid type, int modifier);

/// The catalogue's names, for the map above.
const std::map<std::string, TypeKind, std::less<>>& catalogue_types();

}  // namespace flowdb::tds_server
