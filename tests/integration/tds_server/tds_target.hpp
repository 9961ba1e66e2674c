#pragma once

#include <string>

#include "support/tds_server/tds_server.hpp"
#include "support/test_server.hpp"

namespace flowdb::test {

/// A TDS server of a test's own in front of a database of its own.
class TdsTarget {
 public:
  TdsTarget() : TdsTarget(tds_server::TdsServerOptions{}) {}
  /// `options` without server, user and password.
  explicit TdsTarget(tds_server::TdsServerOptions options);

  tds_server::TdsServer& server() { return server_; }
  test_support::TestDatabase& database() { return database_; }
  /// With TLS to a certificate that nobody has signed; a TLS switched off, or another password.
  std::string url() const { return url_with("trustServerCertificate=yes"); }
  std::string url_with(const std::string& options, const std::string& password = kPassword) const;

  static constexpr const char* kUser = "flow";
  static constexpr const char* kPassword = "correct-horse";

 private:
  test_support::TestDatabase database_;
  tds_server::TdsServer server_;
};

}  // namespace flowdb::test
