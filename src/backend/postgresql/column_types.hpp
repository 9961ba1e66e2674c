#pragma once

#include <vector>

#include <libpq-fe.h>

#include <flowdb/result_set.hpp>

namespace flowdb::backend::postgresql {

/// The columns of a result, their types by the object identifiers of PostgreSQL's catalogue
/// (src/include/catalog/pg_type.dat); what is not listed there is ColumnType::other.
std::vector<Column> columns_of(const PGresult* result);

/// Whether values of this type can be kept in PostgreSQL's binary form (result::Encoding::binary).
bool is_readable_in_binary(Oid oid) noexcept;

}  // namespace flowdb::backend::postgresql
