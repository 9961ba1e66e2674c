#include "migration/sql_dialect.hpp"

#include "migration/postgresql/postgresql_dialect.hpp"
#include "migration/sqlserver/sqlserver_dialect.hpp"

namespace flowdb::migration {

const SqlDialect& sql_dialect(DatabaseType type) noexcept {
  static const postgresql::PostgresqlDialect postgresql;
  static const sqlserver::SqlserverDialect sqlserver;
  if (type == DatabaseType::sqlserver) return sqlserver;
  return postgresql;
}

}  // namespace flowdb::migration
