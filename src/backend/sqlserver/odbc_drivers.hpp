#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/sqlserver_connection_string.hpp"

namespace flowdb::backend::sqlserver {

/// Drivers of one family share keywords and habits.
enum class DriverFamily {
  freetds,
  microsoft,  ///< `ODBC Driver 17 for SQL Server`, 18 …
  other,      ///< whatever else speaks to SQL Server over ODBC
};

struct OdbcDriver {
  std::string name = {};     ///< the entry in odbcinst.ini, or the path of the library
  std::string library = {};  ///< the shared library, as the entry gives it
  DriverFamily family = DriverFamily::other;
  int version = 0;  ///< of Microsoft's: 17, 18; else 0
};

/// The driver manager's list (SQLDrivers), sorted by name. Thread-safe.
std::vector<OdbcDriver> installed_drivers();

/// What `name`, or its library where the name says nothing, stands for: `FreeTDS`,
/// `/usr/lib/libtdsodbc.so`, `ODBC Driver 18 for SQL Server`.
OdbcDriver describe_driver(std::string_view name, std::string_view library);

/// The driver to connect `target` with: the one it names (any case, or a library's path), else
/// Microsoft's newest, else FreeTDS.
/// \throws ConfigurationError when it is not installed; names those that are, and how to install.
OdbcDriver choose_driver(const std::string& database_name, const config::SqlserverTarget& target,
                         const std::vector<OdbcDriver>& installed);

/// The same among the drivers of this machine; the driver of a data source is looked up.
/// Thread-safe.
OdbcDriver find_driver(const std::string& database_name, const config::SqlserverTarget& target);

}  // namespace flowdb::backend::sqlserver
