#include <iostream>

#include <flowdb/status_server.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

int main() {
  flowdb::testing::MockDatabaseManager db{"rpa_db"};
  const flowdb::StatusServer server{{&db}};
  std::cout << server.url() << "\n";
  return server.port() > 0 ? 0 : 1;
}
