#pragma once

#include <memory>

#include <soci/connection-pool.h>

#include "backend/backend.hpp"
#include "backend/sqlserver/session_opener.hpp"

namespace flowdb::backend::sqlserver {

/// SQL Server through SOCI: a soci::connection_pool holds the ODBC sessions, one a slot, and opens
/// them; which slot is used when is for flowdb's pool to say. Statements run on the sessions' HDBC,
/// because SOCI's own rows lose digits, fractions of seconds and types.
class SqlserverBackend final : public Backend {
 public:
  explicit SqlserverBackend(const config::Settings& settings);

  DatabaseType type() const noexcept override { return DatabaseType::sqlserver; }
  sql::Dialect dialect() const noexcept override { return sql::sqlserver_dialect(); }
  std::unique_ptr<Connection> open(std::size_t slot, const Deadline& deadline) override;

 private:
  std::shared_ptr<const SessionOpener> opener_;
  soci::connection_pool sessions_;
};

}  // namespace flowdb::backend::sqlserver
