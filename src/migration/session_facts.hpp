#pragma once

#include <string>

namespace flowdb::migration {

/// Who and where a connection is; names are quoted where SQL needs that.
struct SessionFacts {
  std::string database_name;    ///< flowdb's name for it
  std::string server_database;  ///< the server's
  std::string schema;
  std::string user;
};

}  // namespace flowdb::migration
