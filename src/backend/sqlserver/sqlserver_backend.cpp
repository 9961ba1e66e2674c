#include "backend/sqlserver/sqlserver_backend.hpp"

#include "backend/sqlserver/sqlserver_connection.hpp"

namespace flowdb::backend::sqlserver {

SqlserverBackend::SqlserverBackend(const config::Settings& settings)
    : opener_(std::make_shared<const SessionOpener>(settings)),
      sessions_(settings.pool.max_connections()) {}

std::unique_ptr<Connection> SqlserverBackend::open(std::size_t slot, const Deadline& deadline) {
  return std::make_unique<SqlserverConnection>(sessions_.at(slot), opener_, deadline);
}

}  // namespace flowdb::backend::sqlserver
