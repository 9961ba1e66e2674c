#pragma once

#include <cstdint>
#include <string>

#include "support/tds_server/protocol/prelogin.hpp"

namespace flowdb::tds_server {

struct TdsServerOptions {
  /// A libpq connection string or URL of a superuser; its database is the one that clients get who
  /// name none.
  std::string postgres{};
  /// The only login there is.
  std::string user{};
  std::string password{};
  /// PEM files; empty for a certificate of the server's own making.
  std::string certificate_file{};
  std::string key_file{};
  /// `off` leaves it to the client.
  Encryption encryption = Encryption::off;
  std::uint16_t port = 0;  ///< 0: a free one
};

}  // namespace flowdb::tds_server
