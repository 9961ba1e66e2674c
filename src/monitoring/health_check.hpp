#pragma once

#include <functional>

#include <flowdb/reports.hpp>

#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "pool/pool.hpp"
#include "sql/statement_cache.hpp"

namespace flowdb::monitoring {

/// Reads the state of the migrations on a connection; absent where a database has none.
using ReadMigrations =
    std::function<MigrationStatus(backend::Connection& connection, const Deadline& deadline)>;

/// One look at a database: a connection from its pool, a query, the state of its migrations, under
/// the settings' health_timeout. Whatever fails becomes part of the report.
/// healthy: connection and query are fine. degraded: the same, but slow, or migrations are pending
/// or stand in each other's way; or the pool is exhausted; or the connection is there and the query
/// fails. unhealthy: no connection. A replica (null: there is none) that cannot be used makes a
/// database degraded that would be healthy without it.
HealthStatus check_health(const config::Settings& settings, pool::Pool& pool,
                          const ReadMigrations& read_migrations, pool::Pool* replica = nullptr);

/// As sick as the sickest.
HealthSummary summarize(std::vector<HealthStatus> databases);

}  // namespace flowdb::monitoring
