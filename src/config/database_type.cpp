#include <flowdb/options.hpp>

const char* flowdb::to_string(DatabaseType type) noexcept {
  switch (type) {
    case DatabaseType::postgresql:
      return "postgresql";
    case DatabaseType::sqlserver:
      return "sqlserver";
    case DatabaseType::mock:
      return "mock";
  }
  return "unknown";
}
