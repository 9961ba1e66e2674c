#include "config/connection_string_error.hpp"

#include <flowdb/error.hpp>

namespace flowdb::config {

void refuse_connection_string(const std::string& database_name, const std::string& why) {
  throw ConfigurationError(
      "The connection string of '" + database_name + "' cannot be used: " + why,
      {.database_name = database_name});
}

}  // namespace flowdb::config
