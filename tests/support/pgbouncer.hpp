#pragma once

#include <string>

#include <sys/types.h>

#include "support/temporary_directory.hpp"

namespace flowdb::test_support {

/// Debian's pgbouncer before a PostgreSQL server, on a free port of 127.0.0.1, for as long as the
/// object lives. It asks clients for no password. Failures throw std::runtime_error.
class Pgbouncer {
 public:
  /// \param server_url whose user and password it uses for every database.
  /// \param pool_mode `transaction` or `session`.
  Pgbouncer(const std::string& server_url, const std::string& pool_mode, int pool_size);
  ~Pgbouncer();
  Pgbouncer(const Pgbouncer&) = delete;
  Pgbouncer& operator=(const Pgbouncer&) = delete;

  /// The URL of the database that the server's URL names, through the pooler.
  const std::string& url() const { return url_; }

 private:
  TemporaryDirectory directory_{"pgbouncer"};
  std::string url_;
  pid_t process_ = -1;
};

}  // namespace flowdb::test_support
