#include <flowdb/error.hpp>

#include "backend/backend.hpp"
#include "backend/postgresql/postgresql_backend.hpp"
#include "backend/sqlserver/sqlserver_backend.hpp"

namespace flowdb::backend {

std::unique_ptr<Backend> make_backend(const config::Settings& settings) {
  if (settings.backend != nullptr) {
    return settings.backend->make(settings);
  }
  switch (settings.type) {
    case DatabaseType::postgresql:
      return std::make_unique<postgresql::PostgresqlBackend>(settings);
    case DatabaseType::sqlserver:
      return std::make_unique<sqlserver::SqlserverBackend>(settings);
    case DatabaseType::mock:
      break;
  }
  throw ConfigurationError(settings.database_name +
                               ": type mock needs a scripted backend: use "
                               "flowdb::testing::MockDatabaseManager",
                           {.database_name = settings.database_name});
}

}  // namespace flowdb::backend
