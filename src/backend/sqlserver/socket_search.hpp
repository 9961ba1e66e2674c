#pragma once

#include <string>
#include <vector>

namespace flowdb::backend::sqlserver {

/// Finds the socket that a driver has opened, which no ODBC call tells: the process's sockets are
/// compared before and after, and the new one with the server's address is it. Only one connection
/// to an address may be opened at a time.
class SocketSearch {
 public:
  /// Remembers the sockets that there are. An empty host or a port of 0 means any.
  SocketSearch(const std::string& host, int port);

  enum class Outcome { found, none, several };
  struct Result {
    Outcome outcome = Outcome::none;
    int descriptor = -1;  ///< the driver's own
  };
  Result find() const;

 private:
  struct Descriptor {
    int number = -1;
    std::string identity;  ///< `socket:[inode]`
  };
  static std::vector<Descriptor> open_sockets();
  bool leads_to_server(int descriptor) const;

  int port_;
  std::vector<std::string> addresses_;  // without port; empty: any
  std::vector<Descriptor> before_;
};

}  // namespace flowdb::backend::sqlserver
