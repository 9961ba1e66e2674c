#pragma once

#include <string>
#include <string_view>

namespace flowdb::config {

/// A server as SQL Server's tools write it: `tcp:host\instance,port`.
struct SqlserverServer {
  std::string host;      ///< an IPv6 address without brackets; `.` and `(local)` are localhost
  std::string instance;  ///< empty: the default one
  int port = 0;          ///< 0: not said
};

/// \throws ConfigurationError when it cannot be understood, or is not spoken to over TCP.
SqlserverServer parse_sqlserver_server(const std::string& database_name, std::string_view text);

/// A port of 1 to 65535.
/// \throws ConfigurationError for anything else.
int parse_sqlserver_port(const std::string& database_name, std::string_view text);

}  // namespace flowdb::config
