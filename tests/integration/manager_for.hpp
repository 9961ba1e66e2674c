#pragma once

#include <string>
#include <utility>

#include <flowdb/database_manager.hpp>

#include "support/test_server.hpp"

namespace flowdb::test {

/// A manager of the database `url`, under the name `flow_db`; nothing but the options and the
/// library's defaults decides how it works.
inline DatabaseManager manager_for(const std::string& url, DatabaseOptions options = {}) {
  options.connection_string = url;
  const ConfigManager config{{.environment = "integration", .project_root = FLOWDB_SOURCE_DIR}};
  return DatabaseManager{"flow_db", config, options};
}

inline DatabaseManager manager_for(const test_support::TestDatabase& database,
                                   DatabaseOptions options = {}) {
  return manager_for(database.url(), std::move(options));
}

/// A pool of one connection: what a call leaves behind is what the next one finds.
inline DatabaseOptions one_connection() {
  return {.pool_size = 1, .max_overflow = 0};
}

}  // namespace flowdb::test
